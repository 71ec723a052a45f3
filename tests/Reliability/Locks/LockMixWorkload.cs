using System.Text.Json.Nodes;
using Pipeline.Reliability.Faults;
using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability.Locks;

/// <summary>All lock calls mixed, with restarts of the server and jumps of its wall clock: every history is decided, and holds. Count: answered calls.</summary>
internal sealed class LockMixWorkload : IWorkload
{
    private static readonly FaultMix Mix = new()
    {
        EverySeconds = new Dictionary<FaultKind, double>
        {
            [FaultKind.PauseClient] = 3, [FaultKind.KillClient] = 10, [FaultKind.KillServer] = 25, [FaultKind.PauseServer] = 20, [FaultKind.JumpClock] = 2,
            [FaultKind.StrobeClock] = 10, [FaultKind.LoseAnswers] = 12,
        },
    };

    public string Name => "lock-mix";

    public string Guard => "locks";

    public Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation) => LockRound.RunAsync(
        Name, run, "lock-mix", run.Count < 3000 ? 8 : 16, new JsonObject { ["workspace"] = "mix", ["paths"] = 4, ["calls"] = 150 }, Mix,
        history => history.Operations.Count(operation => operation.ReturnedAtNs is not null), (_, _, _) => Task.CompletedTask, cancellation);
}
