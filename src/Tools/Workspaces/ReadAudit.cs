using System.Text.Json;
using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Audit;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Workspaces;

[Tool(Toolset.Storage)]
internal sealed partial class ReadAudit(Call call)
{
    private const int WalkRows = 1000;

    /// <summary>Who did what in a workspace, oldest first, refusals included. verified tells whether this part of the hash chain is untouched.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="since">Time such as 2026-01-31T12:00:00Z.</param>
    /// <param name="cursor">From the page before.</param>
    /// <param name="limit">1 to 100.</param>
    [McpServerTool(Name = "read_audit", Title = "Read audit log", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<AuditPage> RunAsync(
        string workspace, string? since = null, long? cursor = null, int limit = 50, CancellationToken cancellation = default)
    {
        Limits.Page(limit);
        var sinceMs = since is null ? 0 : Instant.Parse(since, "since");
        return await call.Database.ReadAsync(async query =>
        {
            await WorkspacesTable.RequireAsync(query, call.Caller, workspace).ConfigureAwait(false);
            var head = await AuditTable.HeadAsync(query, workspace).ConfigureAwait(false);
            var rows = await AuditTable.PageAsync(query, workspace, cursor ?? 0, sinceMs, limit + 1).ConfigureAwait(false);
            AuditRow[] page = [.. rows.Take(limit)];
            var more = rows.Count > limit;
            var whole = cursor is null && since is null;
            var brokenAt = whole ? await WalkAsync(query, workspace, 0, null, head).ConfigureAwait(false)
                : page.Length > 0 ? await WalkAsync(query, workspace, page[0].Sequence - 1, more ? page[^1].Sequence : null, head).ConfigureAwait(false)
                : null;
            return new AuditPage([.. page.Select(AuditLine.From)], more ? page[^1].Sequence : null, head.Hash, head.Sequence, brokenAt is null, brokenAt);
        }, cancellation).ConfigureAwait(false);
    }

    // Recomputes the entries after one sequence up to another, or to the head; returns the first that is not as it was written.
    private static async ValueTask<long?> WalkAsync(IQuery query, string workspace, long after, long? upTo, AuditHead head)
    {
        var before = after == 0 ? [] : await AuditTable.PageAsync(query, workspace, after - 1, 0, 1).ConfigureAwait(false);
        var check = new ChainCheck(after, before.Count > 0 && before[0].Sequence == after ? before[0].Hash : AuditChain.Start);
        for (var at = after; check.BrokenAt is null;)
        {
            var rows = await AuditTable.PageAsync(query, workspace, at, long.MinValue, WalkRows).ConfigureAwait(false);
            foreach (var row in rows.Where(row => row.Sequence <= (upTo ?? long.MaxValue)))
            {
                check.Next(row);
            }

            if (rows.Count < WalkRows || rows[^1].Sequence >= upTo)
            {
                break;
            }

            at = rows[^1].Sequence;
        }

        if (upTo is null)
        {
            check.End(head);
        }

        return check.BrokenAt;
    }
}

/// <summary>A page of the log.</summary>
/// <param name="Entries">Oldest first.</param>
/// <param name="Cursor">Where the next page begins; absent on the last.</param>
/// <param name="ChainHead">Hash of the newest entry of the whole log: note it elsewhere, and nobody can rewrite the log unseen.</param>
/// <param name="ChainLength">Entries in the whole log.</param>
/// <param name="Verified">False when an entry was changed, removed or put in another place.</param>
/// <param name="BrokenAt">Sequence of the first such entry.</param>
public sealed record AuditPage(IReadOnlyList<AuditLine> Entries, long? Cursor, string ChainHead, long ChainLength, bool Verified, long? BrokenAt);

/// <summary>One entry of the log.</summary>
public sealed record AuditLine(
    long Sequence, DateTimeOffset At, string Principal, string Agent, string Tool, string? Asset, string Outcome, JsonElement? Detail, string Hash)
{
    internal static AuditLine From(AuditRow row) => new(
        row.Sequence, Instant.From(row.AtMs), row.Principal, row.Agent, row.Tool, row.Asset, row.Outcome,
        row.Detail is null ? null : Wire.Read<JsonElement>(row.Detail), row.Hash);
}
