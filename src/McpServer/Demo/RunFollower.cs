using System.Text.Json;
using Pipeline.Agents.Connecting;
using Pipeline.Tools.Runs;

namespace Pipeline.McpServer.Demo;

/// <summary>Follows the production of a workspace: the run as get_run shows it, again whenever something happens.</summary>
internal sealed class RunFollower(Connection connection, string workspace, Cast cast, Action<string> say, TimeProvider time)
{
    private const double WaitSeconds = 1;

    // Events come in flocks; a look costs more than a moment's patience.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(200);

    private static readonly string[] Started = ["run.started"];

    /// <summary>The run that the director starts.</summary>
    /// <exception cref="DemoFailedException">It ended without one.</exception>
    public async Task<string> FindAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var isOver = cast.Director!.HasEnded;
            var answer = await connection.ReadAsync("wait_events", new { workspace, since = 0, kinds = Started, wait_seconds = isOver ? 0 : WaitSeconds }, cancellation).ConfigureAwait(false);
            if (answer.Objects("events").FirstOrDefault()?.Text("subject") is { } run)
            {
                return run;
            }

            cast.Mend();
            if (isOver)
            {
                throw new DemoFailedException($"The director ended without a run: {cast.Director.Tail}");
            }
        }
    }

    /// <summary>Shows the run until it is over and the director has judged it.</summary>
    /// <returns>As it stands at the end.</returns>
    public async Task<RunView> FollowAsync(string runId, Action<RunView> show, CancellationToken cancellation)
    {
        long cursor = 0;
        while (true)
        {
            var isJudged = cast.Director!.HasEnded;
            var run = await LookAsync(runId, cancellation).ConfigureAwait(false);
            show(run);
            if (isJudged)
            {
                return run.State is "succeeded" or "failed" or "cancelled" ? run : throw new DemoFailedException($"The director ended before the run did: {cast.Director.Tail}");
            }

            await ApproveAsync(run, cancellation).ConfigureAwait(false);
            cast.Mend();
            var answer = await connection.ReadAsync("wait_events", new { workspace, since = cursor, wait_seconds = WaitSeconds }, cancellation).ConfigureAwait(false);
            cursor = answer.Whole("cursor") ?? cursor;
            await Task.Delay(Least, time, cancellation).ConfigureAwait(false);
        }
    }

    // Where the plan asks for a person the demo says yes in the watcher's place, to exactly the version that waits.
    private async Task ApproveAsync(RunView run, CancellationToken cancellation)
    {
        foreach (var step in run.Steps.Where(step => step is { State: "waiting", Reason: "approval" } && RunReading.Text(step.Outputs, "asset") is not null))
        {
            var asset = RunReading.Text(step.Outputs, "asset");
            await connection.ChangeAsync(
                "approve_step", new { run_id = run.RunId, step_id = step.StepId, asset, verdict = "approve", note = "by the demo, in place of whoever watches" }, $"{run.RunId}/approve/{asset}", cancellation).ConfigureAwait(false);
            say($"approved {asset} in your place: delivery work begins with it");
        }
    }

    private async Task<RunView> LookAsync(string runId, CancellationToken cancellation) =>
        (await connection.ReadAsync("get_run", new { run_id = runId }, cancellation).ConfigureAwait(false)).Deserialize<RunView>(Pipeline.Tools.Contract.Wire.Json)!;
}
