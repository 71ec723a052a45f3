namespace Pipeline.Storage.Moving;

/// <summary>
/// One row that says that a database's rows came from another store, and how far that is. It stands there before the first of them, so that nobody
/// serves what is not whole; a database that nothing was moved to has no such table.
/// </summary>
internal static class HouseMoveTable
{
    public const string Name = "house_move";

    /// <summary>Its rows are on the way; nothing but this table is there.</summary>
    public const string Filling = "filling";

    /// <summary>All rows are there, and nobody has served them yet.</summary>
    public const string Arrived = "arrived";

    /// <summary>A node has started on them.</summary>
    public const string Served = "served";

    public const string Exists = "select count(*) from pg_class where relname='house_move' and relnamespace=current_schema()::regnamespace";

    /// <summary>Whether the schema holds a store of ours, moved or not.</summary>
    public const string IsTaken = "select count(*) from pg_class where relname='migrations' and relnamespace=current_schema()::regnamespace";

    public const string Create = """
        create table if not exists house_move (
            id bigint primary key, house text not null, state text not null, source_now_ms bigint not null, at_ms bigint not null)
        """;

    public const string Find = "select house, state, source_now_ms, at_ms from house_move where id=1";

    public const string Claim = "insert into house_move(id, house, state, source_now_ms, at_ms) values(1, @House, 'filling', 0, (extract(epoch from clock_timestamp())*1000)::bigint) on conflict(id) do nothing";

    public const string Mark = "update house_move set state=@State, source_now_ms=@SourceNowMs, at_ms=(extract(epoch from clock_timestamp())*1000)::bigint where id=1";

    /// <summary>The row.</summary>
    public sealed record Row
    {
        public string House { get; init; } = "";
        public string State { get; init; } = "";
        public long SourceNowMs { get; init; }
        public long AtMs { get; init; }
    }

    /// <summary>How far the move to this database is; null when there is none.</summary>
    public static Row? Of(State.PostgresConnection connection) =>
        connection.First<long>(Exists) == 0 ? null : connection.Statement(Find, null, out _).Query<Row>(null) is [var row] ? row : null;
}
