using System.Text.Json.Nodes;
using ModelContextProtocol.Server;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Generation;

[Tool(Toolset.Media, Changes = true, Writes = true, AnswersRepeats = true)]
internal sealed partial class GenerateMedia(Call call, JobDesk desk, Patience patience, TimeProvider time)
{
    private const int MostPromptCharacters = 100_000;
    private const int MostParameterCharacters = 64_000;

    /// <summary>Buys media, once: the same call again gives the same job and its state. A run's jobs are cancelled with it.</summary>
    /// <param name="model">Its id.</param>
    /// <param name="prompt">What to make.</param>
    /// <param name="output">workspace/path.</param>
    /// <param name="references">Assets to keep to.</param>
    /// <param name="parameters">duration_seconds, width, height, resolution, aspect, seed, voice, ...</param>
    /// <param name="run_id">For a step of a run,</param>
    /// <param name="step_id">this one.</param>
    /// <param name="capability">If the model has several.</param>
    /// <param name="promotes">An approved asset@version this rests on.</param>
    /// <param name="patience_seconds">Fail if not sent by then.</param>
    /// <param name="wait_seconds">0-45.</param>
    [McpServerTool(Name = "generate_media", Title = "Generate media", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = true, UseStructuredContent = true)]
    public async partial Task<GeneratedMedia> RunAsync(
        string model, string prompt, string output, string[]? references = null, JsonObject? parameters = null, string? run_id = null, string? step_id = null,
        string? capability = null, string? promotes = null, double? patience_seconds = null, double wait_seconds = 45, CancellationToken cancellation = default)
    {
        var began = time.GetTimestamp();
        var wait = Limits.Wait(wait_seconds);
        var job = await desk.TakeAsync(Read(model, prompt, output, references, parameters, run_id, step_id, capability, promotes, patience_seconds), cancellation).ConfigureAwait(false);
        while (true)
        {
            var news = call.Database.Signals.Ticket(JobsTable.ChannelOf(job.JobId)); // before the look, so that nothing between is missed
            job = (await call.Database.ReadAsync(query => JobsTable.FindAsync(query, job.JobId), cancellation).ConfigureAwait(false))!;
            var left = patience.Left(wait, began);
            if (JobState.IsOver(job.State) || job.State == JobState.Ambiguous || left <= TimeSpan.Zero)
            {
                return await AnswerAsync(job, cancellation).ConfigureAwait(false);
            }

            await patience.WaitAsync(news, left, cancellation).ConfigureAwait(false);
        }
    }

    private JobOrder Read(
        string model, string prompt, string output, string[]? references, JsonObject? parameters, string? runId, string? stepId, string? capability, string? promotes, double? patience_seconds)
    {
        if (prompt.Length > MostPromptCharacters || parameters?.ToJsonString().Length > MostParameterCharacters)
        {
            throw new InvalidArgumentError("prompt", $"A prompt has at most {MostPromptCharacters} characters, parameters {MostParameterCharacters}.");
        }

        if (runId is null != stepId is null)
        {
            throw new InvalidArgumentError("step_id", "run_id and step_id come together: money is accounted to a step.");
        }

        if (patience_seconds is not (null or (>= 0 and <= 604_800)))
        {
            throw new InvalidArgumentError("patience_seconds", "patience_seconds is 0 to 604800.");
        }

        var claim = call.Terms.Claim;
        if (claim is not null && runId is not null && (claim.RunId != runId || claim.StepId != stepId))
        {
            throw new InvalidArgumentError("step_id", "run_id and step_id name another step than the claim.");
        }

        return new(model, capability, prompt, references ?? [], parameters ?? [], AssetName.ParseTarget(output, "output"), runId ?? claim?.RunId, stepId ?? claim?.StepId, promotes,
            patience_seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }

    private async Task<GeneratedMedia> AnswerAsync(JobRow job, CancellationToken cancellation)
    {
        if (job.Asset is { } asset && await call.Database.ReadAsync(query => AssetsTable.FindAsync(query, AssetName.Parse(asset)), cancellation).ConfigureAwait(false) is { } row)
        {
            call.Attach(AssetLink.To(row));
        }

        return GeneratedMedia.Of(job);
    }
}
