using System.Text.Json;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Locks;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Presence;

/// <summary>Where an agent stands after a restart.</summary>
/// <param name="Agent">As whom it was asked; locks and claims belong to it.</param>
/// <param name="LocksHeld">With their tokens.</param>
/// <param name="StepsClaimed">With their generations; go on with them or fail them.</param>
/// <param name="FilesReady">What lies ready for steps that nobody has claimed.</param>
/// <param name="ApprovalsWaiting">Steps that wait for a human, in all workspaces that you see.</param>
/// <param name="JobsInFlight">Imports, uploads and generations that are not done.</param>
/// <param name="Workspaces">What happened since the agent was last here.</param>
public sealed record Resumed(
    string Principal, string Agent, IReadOnlyList<HeldLock> LocksHeld, IReadOnlyList<HeldStep> StepsClaimed, IReadOnlyList<ReadyFile> FilesReady,
    IReadOnlyList<WaitingApproval> ApprovalsWaiting, IReadOnlyList<JobInFlight> JobsInFlight, IReadOnlyList<WorkspaceNews> Workspaces);

/// <summary>A lock that the agent holds.</summary>
public sealed record HeldLock(string LockId, string Asset, string Mode, long Token, DateTimeOffset ExpiresAt, double SecondsLeft, string? Purpose)
{
    internal static HeldLock From(LockRow row, long nowMs) => new(row.LockId, row.Asset, row.Mode, row.Token, Instant.From(row.ExpiresAtMs), (row.ExpiresAtMs - nowMs) / 1000.0, row.Purpose);
}

/// <summary>A step that the agent claimed. With no seconds left it is handed to the next who asks; renew it first.</summary>
public sealed record HeldStep(string RunId, string StepId, string Workspace, string Capability, long Generation, JsonElement? Inputs, DateTimeOffset LeaseExpiresAt, double SecondsLeft)
{
    internal static HeldStep From(StepRow row, long nowMs) => new(
        row.RunId, row.StepId, row.Workspace, row.Capability, row.Generation, row.Inputs is null ? null : Wire.Read<JsonElement>(row.Inputs),
        Instant.From(row.LeaseExpiresMs!.Value), Math.Max(0, row.LeaseExpiresMs!.Value - nowMs) / 1000.0);
}

/// <summary>An asset that a ready step takes.</summary>
/// <param name="StepId">The step that waits for a worker.</param>
public sealed record ReadyFile(string Asset, string Workspace, string RunId, string StepId, string Capability);

/// <summary>What happened in a workspace since the agent was last here.</summary>
/// <param name="LastSeenAt">When the agent last asked, or else last did something here; null when it is new: then there is no news, only a beginning.</param>
/// <param name="Cursor">Pass it to wait_events as since.</param>
/// <param name="More">Whether there is more than is listed; wait_events goes on from the cursor.</param>
public sealed record WorkspaceNews(string Workspace, DateTimeOffset? LastSeenAt, long Cursor, bool More, IReadOnlyList<NewsItem> Events);

/// <summary>One event.</summary>
public sealed record NewsItem(long Cursor, DateTimeOffset At, string Kind, string? Subject, JsonElement Data)
{
    internal static NewsItem From(Event happened) => new(
        happened.Cursor, Instant.From(happened.AtMs), happened.Kind, happened.Subject, Wire.Read<JsonElement>(happened.Data));
}
