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
    public static ValueTask<IReadOnlyList<Event>> AfterAsync(IQuery query, string workspace, long cursor, KindPatterns? kinds, int limit) =>
        PageAsync(query, workspace, "and cursor>@cursor", "asc", kinds, limit, new() { ["cursor"] = cursor });

    /// <summary>The newest events, oldest of them first.</summary>
    public static async ValueTask<IReadOnlyList<Event>> LatestAsync(IQuery query, string workspace, KindPatterns? kinds, int limit) =>
        [.. Enumerable.Reverse(await PageAsync(query, workspace, "", "desc", kinds, limit, []).ConfigureAwait(false))];

    private static ValueTask<IReadOnlyList<Event>> PageAsync(
        IQuery query, string workspace, string after, string order, KindPatterns? kinds, int limit, Dictionary<string, object?> parameters)
    {
        var wanted = kinds is null ? "" : "and " + kinds.Condition(parameters);
        (parameters["workspace"], parameters["limit"]) = (workspace, limit);
        return query.QueryAsync<Event>(
            $"select cursor, at_ms, workspace, kind, subject, data from events where workspace=@workspace {after} {wanted} order by cursor {order} limit @limit",
            parameters);
    }

    /// <summary>Events of all workspaces after <paramref name="cursor"/>, oldest first.</summary>
    public static ValueTask<IReadOnlyList<Event>> AllAfterAsync(IQuery query, long cursor, int limit) => query.QueryAsync<Event>(
        "select cursor, at_ms, workspace, kind, subject, data from events where cursor>@cursor order by cursor limit @limit", new { cursor, limit });

    /// <summary>The workspace's newest cursor at a time; 0 when nothing had happened.</summary>
    public static async ValueTask<long> AtAsync(IQuery query, string workspace, long atMs) => await query.FirstAsync<long?>(
        "select cursor from events where workspace=@workspace and at_ms<=@atMs order by cursor desc limit 1", new { workspace, atMs }).ConfigureAwait(false) ?? 0;

    /// <summary>The newest cursor of all; 0 when nothing has happened.</summary>
    public static async ValueTask<long> NewestAsync(IQuery query) => await query.FirstAsync<long?>("select max(cursor) from events").ConfigureAwait(false) ?? 0;

    /// <summary>The newest cursor of the workspace; 0 when nothing has happened.</summary>
    public static async ValueTask<long> NewestAsync(IQuery query, string workspace) =>
        await query.FirstAsync<long?>("select max(cursor) from events where workspace=@workspace", new { workspace }).ConfigureAwait(false) ?? 0;
}
