using Pipeline.Reliability.Reporting;

namespace Pipeline.Reliability;

/// <summary>
/// Something that is done to a server under faults, and judged. To write one: an <see cref="Clients.IScript"/> (what each client process does,
/// listed in <see cref="Clients.Scripts"/>) and an IWorkload, listed in <see cref="Workloads"/>, whose RunAsync
/// <list type="number">
/// <item>opens a rig: <c>await using var rig = await Rig.OpenAsync(run.Folder, run.Seed, run.LeaveOut)</c> and sets the stage by <c>rig.Operator</c>,</item>
/// <item>starts clients: <c>rig.Start("script", "name-0", 0, settings)</c>; everything they call through <see cref="Clients.RigClient"/> is recorded,</item>
/// <item>lets <c>new Nemesis(rig, FaultSchedule.Draw(...))</c> loose, then stops the clients (<c>rig.StopClientsAsync()</c>) or awaits them
/// (<c>rig.ClientsDoneAsync(limit)</c>),</item>
/// <item>judges <c>rig.Recorder.Read()</c> (a <see cref="Recording.History"/>: <c>Operations</c> with their invocation, return and outcome; one whose outcome
/// is open may have taken effect at any time up to the end) and answers with a <see cref="Verdict"/>, written by <see cref="Findings"/>.</item>
/// </list>
/// </summary>
public interface IWorkload
{
    string Name { get; }

    /// <summary>One guard without which the verdict must be red; used by the tests of the checker.</summary>
    string Guard { get; }

    Task<Verdict> RunAsync(WorkloadRun run, CancellationToken cancellation);
}

/// <summary>How to run a workload.</summary>
/// <param name="Folder">Where everything goes; emptied first.</param>
/// <param name="Seed">Decides every fault and every choice of clients.</param>
/// <param name="Count">How much: cycles, zombies, cuts, holders or rounds, as the workload says.</param>
/// <param name="LeaveOut">Guards to leave out; null for the guarded server.</param>
/// <param name="AtMost">What is left of the time, for workloads that are counted in seconds; null for no limit.</param>
public sealed record WorkloadRun(string Folder, int Seed, int Count, string? LeaveOut = null, TimeSpan? AtMost = null);
