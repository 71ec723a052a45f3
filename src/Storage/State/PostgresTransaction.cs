namespace Pipeline.Storage.State;

/// <summary>
/// One transaction that carries the works of one lane: locks, clock and number in the first round trip, the works after each other, one commit for all.
/// </summary>
internal sealed class PostgresTransaction
{
    // Every statement takes its own snapshot after the locks are held, so each work sees what those before it wrote. The lock on all there is comes
    // first: shared with those who name a scope, alone without.
    private const string Scoped = """
        begin isolation level read committed;
        with whole as materialized (select pg_advisory_xact_lock_shared(@Whole)), one as materialized (select pg_advisory_xact_lock(@Scope) from whole)
        select pipeline_now_ms() as now_ms, pg_current_xact_id()::text as id from one
        """;

    private const string Alone = """
        begin isolation level read committed;
        with whole as materialized (select pg_advisory_xact_lock(@Whole)) select pipeline_now_ms() as now_ms, pg_current_xact_id()::text as id from whole
        """;

    private readonly PostgresConnection _connection;
    private readonly long _nowMs;

    private PostgresTransaction(PostgresConnection connection, string id, long nowMs) => (_connection, Id, _nowMs) = (connection, id, nowMs);

    /// <summary>By which the server knows it, also after the connection is lost.</summary>
    public string Id { get; }

    /// <summary>The history in which that number counts.</summary>
    public string History => _connection.Place.History;

    /// <summary>The life of the server in which it was given.</summary>
    public string Life => _connection.Place.Life;

    /// <summary>Waits for the scope and reads the clock.</summary>
    public static PostgresTransaction Begin(PostgresConnection connection, string? scope, PostgresClock clock)
    {
        var place = connection.Place;
        var opening = scope is null
            ? connection.First<Opening>(Alone, new { place.Whole })
            : connection.First<Opening>(Scoped, new { place.Whole, Scope = place.Scope(scope) });
        return new(connection, opening.Id, clock.Reach(opening.NowMs));
    }

    /// <summary>Runs one work; false when it failed in a way that cannot be undone without the others, and each must have a transaction of its own.</summary>
    public bool TryRun(QueuedWork work, bool shared)
    {
        var session = new PostgresSession(_connection, _nowMs, work.Channels, shared);
        var kept = work.Run(session);
        session.End();
        if (session.Lost is { } lost)
        {
            throw lost;
        }

        if (kept)
        {
            return !session.Failed || (shared ? false : throw new InvalidOperationException("A transaction went on after one of its statements had failed."));
        }

        work.Channels.Clear();
        if (session.HasSavepoint)
        {
            _connection.Execute("rollback to work");
            return true;
        }

        // Without a savepoint nothing was written: a refusal after a look leaves nothing to undo, a failed statement ends the transaction for all.
        return shared && !session.Failed;
    }

    public void Commit() => _connection.Execute("commit");

    public void Rollback() => _connection.Execute("rollback");

    private sealed record Opening
    {
        public long NowMs { get; init; }

        public string Id { get; init; } = "";
    }
}
