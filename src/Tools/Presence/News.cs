using Pipeline.Storage.State;
using Pipeline.Tools.Audit;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.Tools.Presence;

/// <summary>Tells an agent what happened in a workspace since it was last there, once; the same intent is told it again, for its answer may have been lost.</summary>
internal static class News
{
    private const int MostEvents = 50;
    private const long MostEntries = 10_000;

    public static async ValueTask<WorkspaceNews> TellAsync(ITransaction tx, Call call, string workspace, SightingRow? seen)
    {
        var (from, seenAtMs) = await StartAsync(tx, call, workspace, seen).ConfigureAwait(false);
        var events = from is { } start ? await EventsTable.AfterAsync(tx, workspace, start, null, MostEvents + 1).ConfigureAwait(false) : [];
        var shown = events.Take(MostEvents).ToList();
        var cursor = shown.Count > 0 ? shown[^1].Cursor : from ?? await EventsTable.NewestAsync(tx, workspace).ConfigureAwait(false);
        await SightingsTable.SeeAsync(tx, call.Caller.Principal, call.Agent, new()
        {
            Workspace = workspace, Cursor = cursor, Key = call.Key, FromCursor = from, FromSeenAtMs = seenAtMs,
        }).ConfigureAwait(false);
        return new(workspace, Instant.From(seenAtMs), cursor, events.Count > MostEvents, [.. shown.Select(NewsItem.From)]);
    }

    private static async ValueTask<(long? Cursor, long? SeenAtMs)> StartAsync(ITransaction tx, Call call, string workspace, SightingRow? seen)
    {
        if (seen is not null)
        {
            return call.Key is not null && seen.Key == call.Key ? (seen.FromCursor, seen.FromSeenAtMs) : (seen.Cursor, seen.SeenAtMs);
        }

        // It never asked before, but it was here if it ever did something.
        var last = await AuditTable.LastActAsync(tx, workspace, call.Caller.Principal, call.Agent, MostEntries).ConfigureAwait(false);
        return last is { } at ? (await EventsTable.AtAsync(tx, workspace, at).ConfigureAwait(false), at) : (null, null);
    }
}
