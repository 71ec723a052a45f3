using Pipeline.Storage.State;

namespace Pipeline.Tools.Events;

/// <summary>The log of events, appended in the transaction of what they tell of: an event is there exactly when its cause is.</summary>
public static class EventsTable
{
    public static readonly Table Schema = new("events",
        """
        create table events (
            cursor {identity}, at_ms bigint not null, workspace text not null, kind text not null, subject text, data text not null);
        create index events_by_workspace on events(workspace, cursor);
        """);

    /// <summary>The channel that is signalled when any workspace has news.</summary>
    public const string AnyChannel = "events";

    /// <summary>The channel that is signalled when a workspace has news.</summary>
    public static string Channel(string workspace) => "events:" + workspace;

    /// <summary>Appends and returns the cursor.</summary>
    public static ValueTask<long> InsertAsync(ITransaction tx, Event happened) => tx.FirstAsync<long>(
        "insert into events(at_ms, workspace, kind, subject, data) values(@AtMs, @Workspace, @Kind, @Subject, @Data) returning cursor", happened);

    /// <summary>Events after <paramref name="cursor"/>, oldest first.</summary>
    public static ValueTask<IReadOnlyList<Event>> AfterAsync(IQuery query, string workspace, long cursor, IReadOnlyCollection<string>? kinds, int limit)
    {
        var wanted = kinds is { Count: > 0 } ? "and kind in @kinds" : "";
        return query.QueryAsync<Event>(
            $"select cursor, at_ms, workspace, kind, subject, data from events where workspace=@workspace and cursor>@cursor {wanted} order by cursor limit @limit",
            new { workspace, cursor, kinds, limit });
    }

    /// <summary>Events of all workspaces after <paramref name="cursor"/>, oldest first.</summary>
    public static ValueTask<IReadOnlyList<Event>> AllAfterAsync(IQuery query, long cursor, int limit) => query.QueryAsync<Event>(
        "select cursor, at_ms, workspace, kind, subject, data from events where cursor>@cursor order by cursor limit @limit", new { cursor, limit });

    /// <summary>The newest cursor of all; 0 when nothing has happened.</summary>
    public static async ValueTask<long> NewestAsync(IQuery query) => await query.FirstAsync<long?>("select max(cursor) from events").ConfigureAwait(false) ?? 0;

    /// <summary>The newest cursor of the workspace; 0 when nothing has happened.</summary>
    public static async ValueTask<long> NewestAsync(IQuery query, string workspace) =>
        await query.FirstAsync<long?>("select max(cursor) from events where workspace=@workspace", new { workspace }).ConfigureAwait(false) ?? 0;
}
