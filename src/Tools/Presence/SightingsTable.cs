using Pipeline.Storage.State;

namespace Pipeline.Tools.Presence;

/// <summary>How far each agent has seen each workspace's events.</summary>
public static class SightingsTable
{
    public static readonly Table Schema = new("sightings",
        """
        create table sightings (
            principal text not null, agent text not null, workspace text not null, cursor bigint not null, seen_at_ms bigint not null,
            primary key (principal, agent, workspace));
        """,
        """
        alter table sightings add column key text;
        alter table sightings add column from_cursor bigint;
        alter table sightings add column from_seen_at_ms bigint;
        """);

    public static ValueTask<IReadOnlyList<SightingRow>> OfAgentAsync(IQuery query, string principal, string agent) => query.QueryAsync<SightingRow>(
        "select workspace, cursor, seen_at_ms, key, from_cursor, from_seen_at_ms from sightings where principal=@principal and agent=@agent", new { principal, agent });

    /// <summary>Notes that the agent has seen everything up to the row's cursor.</summary>
    public static ValueTask<int> SeeAsync(ITransaction tx, string principal, string agent, SightingRow row) => tx.ExecuteAsync(
        """
        insert into sightings(principal, agent, workspace, cursor, seen_at_ms, key, from_cursor, from_seen_at_ms)
        values(@principal, @agent, @Workspace, @Cursor, @NowMs, @Key, @FromCursor, @FromSeenAtMs)
        on conflict(principal, agent, workspace) do update set
            cursor=excluded.cursor, seen_at_ms=excluded.seen_at_ms, key=excluded.key, from_cursor=excluded.from_cursor, from_seen_at_ms=excluded.from_seen_at_ms
        """,
        new { principal, agent, row.Workspace, row.Cursor, row.Key, row.FromCursor, row.FromSeenAtMs, tx.NowMs });
}
