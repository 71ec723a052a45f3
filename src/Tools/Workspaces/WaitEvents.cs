using System.Text.Json;
using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.Tools.Workspaces;

[Tool(Toolset.Webhooks)]
internal sealed partial class WaitEvents(Call call, TimeProvider time, Patience patience)
{
    /// <summary>What happened in a workspace after a cursor; waits for news when there is none yet. Pass the cursor back to miss nothing.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="since">Cursor from before; without it, the latest events.</param>
    /// <param name="kinds">Such as "asset.written", "step.*".</param>
    /// <param name="wait_seconds">0 to 45.</param>
    /// <param name="limit">1 to 100.</param>
    [McpServerTool(Name = "wait_events", Title = "Wait for events", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<EventPage> RunAsync(
        string workspace, long? since = null, string[]? kinds = null, double wait_seconds = 0, int limit = 100, CancellationToken cancellation = default)
    {
        Limits.Page(limit);
        var patterns = kinds is null ? null : KindPatterns.Parse(kinds, "kinds");
        var wait = Limits.Wait(wait_seconds);
        var began = time.GetTimestamp();
        await call.Database.ReadAsync(query => WorkspacesTable.RequireAsync(query, call.Caller, workspace), cancellation).ConfigureAwait(false);
        while (true)
        {
            var news = call.Database.Signals.Ticket(EventsTable.Channel(workspace)); // before the look, so that nothing between is missed
            var page = await call.Database.ReadAsync(query => PageAsync(query, workspace, since, patterns, limit), cancellation).ConfigureAwait(false);
            var left = patience.Left(wait, began);
            if (page.Events.Count > 0 || left <= TimeSpan.Zero)
            {
                return page;
            }

            since = page.Cursor;
            await patience.WaitAsync(news, left, cancellation).ConfigureAwait(false);
        }
    }

    private static async ValueTask<EventPage> PageAsync(IQuery query, string workspace, long? since, KindPatterns? patterns, int limit)
    {
        var newest = await EventsTable.NewestAsync(query, workspace).ConfigureAwait(false);
        var rows = since is { } cursor
            ? await EventsTable.AfterAsync(query, workspace, cursor, patterns, limit).ConfigureAwait(false)
            : await EventsTable.LatestAsync(query, workspace, patterns, limit).ConfigureAwait(false);
        var next = since is not null && rows.Count == limit ? rows[^1].Cursor : Math.Max(newest, since ?? 0);
        return new([.. rows.Select(EventEntry.From)], next);
    }
}

/// <summary>Events, oldest first.</summary>
/// <param name="Events">What happened.</param>
/// <param name="Cursor">Pass it as since to go on.</param>
public sealed record EventPage(IReadOnlyList<EventEntry> Events, long Cursor);

/// <summary>One event.</summary>
public sealed record EventEntry(long Cursor, DateTimeOffset At, string Kind, string? Subject, JsonElement Data)
{
    internal static EventEntry From(Event happened) =>
        new(happened.Cursor, Instant.From(happened.AtMs), happened.Kind, happened.Subject, Wire.Read<JsonElement>(happened.Data));
}
