using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary>
/// One wish to have a model make something. Asked again it is the same job, whoever asks and however often: so a worker that takes the
/// step over goes on waiting where the one before it stopped, and nothing is bought twice.
/// </summary>
internal sealed class GenerationJob(StepWork work, RoutedModel route, OutputLock held)
{
    private const double WaitSeconds = 45;

    // A vendor that takes no call for so long, limited, full or away, is replaced by another: nothing was bought from it.
    private const double PatienceSeconds = 90;

    // Between two questions that came back at once.
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(250);

    /// <summary>Who makes it: the model that was routed, or the one that a worker before this had already asked.</summary>
    public RoutedModel Route { get; private set; } = route;

    /// <summary>The version that was made.</summary>
    /// <exception cref="CraftFailed">It was not: retryable with another model, or not when nobody knows whether it was bought.</exception>
    public async Task<string> WaitAsync(string prompt, JsonObject parameters, CancellationToken ct)
    {
        while (true)
        {
            var job = await AskAsync(prompt, parameters, ct).ConfigureAwait(false);
            switch (job.Text("state"))
            {
                case "done":
                    return job.Text("asset") ?? throw new CraftFailed("no_result", $"{job.Text("job_id")} is done without an asset.", retryable: true);
                case "ambiguous":
                    throw new CraftFailed("ambiguous", $"Nobody knows whether {Route.Model} took {job.Text("job_id")}: it may have been bought, so it is not bought again. A person decides.");
                case "orphaned" when job.Text("asset") is { } beside:
                    // It came when the worker that had asked was gone, and was kept beside: it is paid for and as good there.
                    return beside;
                case "orphaned":
                    throw new CraftFailed("orphaned", $"{job.Text("job_id")} was made and paid for, but could not become {work.Need("output")}. A person decides.");
                case "failed" or "cancelled" or "lost":
                    throw new CraftFailed(job.Text("code") ?? "generation_failed", $"{Route.Model} did not make it ({job.Text("job_id")}, {job.Text("state")}): {job.Text("message")}", retryable: true);
                default:
                    await Task.Delay(Breath, work.Time, ct).ConfigureAwait(false);
                    break;
            }
        }
    }

    private async Task<JsonObject> AskAsync(string prompt, JsonObject parameters, CancellationToken ct)
    {
        try
        {
            return await work.WriteOnceAsync("generate_media", Order(prompt, parameters), held, "generate", ct).ConfigureAwait(false);
        }
        catch (ToolRefused refusal) when (refusal.Code == "idempotency_mismatch" && work.Step.RunId.Length > 0)
        {
            // The worker before this one vanished after it had asked another model: that is the one to wait for.
            if (await AskedBeforeAsync(ct).ConfigureAwait(false) is not { } model || model == Route.Model) throw;
            Route = Route with { Model = model, DecisionId = null };
            return await work.WriteOnceAsync("generate_media", Order(prompt, parameters), held, "generate", ct).ConfigureAwait(false);
        }
    }

    /// <summary>Asks another model for the same beside it, and waits for nothing: the step does not depend on it.</summary>
    public async Task ShadowAsync(string model, string prompt, JsonObject parameters, CancellationToken ct)
    {
        var output = work.Need("output");
        var (folder, file) = (output[..output.LastIndexOf('/')], output[(output.LastIndexOf('/') + 1)..]);
        try
        {
            await work.ChangeOnceAsync("generate_media", Order(model, prompt, parameters, $"{folder}/shadow-{file}", 0), "shadow", ct).ConfigureAwait(false);
        }
        catch (ToolRefused refusal) when (refusal.Code != "superseded")
        {
            // Its own budget is used up, or it cannot take this: then there is nothing to compare.
        }
    }

    private object Order(string prompt, JsonObject parameters) => Order(Route.Model, prompt, parameters, work.Need("output"), WaitSeconds);

    private object Order(string model, string prompt, JsonObject parameters, string output, double wait_seconds) => new
    {
        model,
        capability = work.Step.Capability,
        prompt,
        references = work.Inputs["references"] is JsonArray list ? list.Where(one => one is not null).Select(one => one!.DeepClone()) : null,
        parameters = parameters.Count > 0 ? parameters : null,
        output,
        run_id = work.Step.RunId.Length > 0 ? work.Step.RunId : null,
        step_id = work.Step.RunId.Length > 0 ? work.Step.StepId : null,
        wait_seconds,
        patience_seconds = PatienceSeconds,
    };

    private async Task<string?> AskedBeforeAsync(CancellationToken ct)
    {
        var listed = await work.ReadAsync("list_jobs", new { workspace = work.Step.Workspace, run_id = work.Step.RunId, limit = 100 }, ct).ConfigureAwait(false);
        return listed.Objects("jobs").FirstOrDefault(job => job.Text("step_id") == work.Step.StepId)?.Text("model");
    }
}
