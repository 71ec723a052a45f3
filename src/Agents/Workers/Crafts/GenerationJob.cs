using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>
/// One intent to have a model make something. Asked again it is the same job, whoever asks and however often: so a worker that takes the
/// step over goes on waiting where the one before it stopped.
/// </summary>
internal sealed class GenerationJob(StepWork work, RoutedModel route, OutputLock held)
{
    private const double WaitSeconds = 45;

    // Between two questions that came back at once.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(250);

    /// <summary>The version that was made.</summary>
    /// <exception cref="CraftFailed">It was not: retryable with another model, or not when nobody knows whether it was bought.</exception>
    public async Task<string> WaitAsync(string prompt, JsonObject parameters, CancellationToken ct)
    {
        for (var asked = 1; ; asked++)
        {
            var job = await AskAsync(prompt, parameters, asked, ct).ConfigureAwait(false);
            switch (job.Text("state"))
            {
                case "done":
                    return Made(job);
                case "ambiguous":
                    throw new CraftFailed("ambiguous", $"Nobody knows whether {route.Model} took {job.Text("job_id")}: it may have been bought, so it is not bought again. A person decides.");
                case "orphaned":
                    // It is paid for and kept beside: another one would be bought on top.
                    throw new CraftFailed("orphaned", $"{job.Text("job_id")} was made and paid for, but could not become {work.Need("output")}. A person decides.");
                case "failed" or "cancelled" or "lost":
                    throw Failed(job);
                default:
                    await Task.Delay(Breath, work.Time, ct).ConfigureAwait(false);
                    break;
            }
        }
    }

    private Task<JsonObject> AskAsync(string prompt, JsonObject parameters, int asked, CancellationToken ct) => work.WriteAsync("generate_media", new
    {
        model = route.Model,
        capability = work.Step.Capability,
        prompt,
        references = work.Inputs["references"] is JsonArray list ? list.Where(one => one is not null).Select(one => one!.DeepClone()) : null,
        parameters = parameters.Count > 0 ? parameters : null,
        output = work.Need("output"),
        run_id = work.Step.RunId.Length > 0 ? work.Step.RunId : null,
        step_id = work.Step.RunId.Length > 0 ? work.Step.StepId : null,
        wait_seconds = WaitSeconds,
    }, held, $"generate:{route.Model}:{asked}", ct);

    private static string Made(JsonObject job) => job.Text("asset") is not { } asset
        ? throw new CraftFailed("no_result", $"{job.Text("job_id")} is done without an asset.", retryable: true)
        : job.Whole("version") is { } version ? $"{StepWork.Unversioned(asset)}@{version}" : asset;

    private CraftFailed Failed(JsonObject job)
    {
        var error = job["error"] as JsonObject;
        var code = error?.Text("code") ?? job.Text("code") ?? "generation_failed";
        return new CraftFailed(code, $"{route.Model} did not make it ({job.Text("job_id")}): {error?.Text("message") ?? job.Text("message") ?? job.Text("state")}", retryable: true);
    }
}
