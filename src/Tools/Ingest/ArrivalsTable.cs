using Pipeline.Storage.State;

namespace Pipeline.Tools.Ingest;

/// <summary>Versions that arrived and are not indexed yet, or could not be.</summary>
public static class ArrivalsTable
{
    /// <summary>The channel that is signalled when something arrives.</summary>
    public const string Channel = "arrivals";

    public static readonly Table Schema = new("arrivals",
        """
        create table arrivals (
            workspace text not null, path text not null, version bigint not null, attempts bigint not null, due_at_ms bigint, note text,
            primary key (workspace, path));
        create index arrivals_by_due on arrivals(due_at_ms);
        """);

    private const string Columns = "workspace, path, version, attempts, due_at_ms, note";

    /// <summary>Queues a version; a newer one of the same path takes its place.</summary>
    public static async ValueTask QueueAsync(ITransaction tx, string workspace, string path, long version)
    {
        await tx.ExecuteAsync(
            $"""
            insert into arrivals({Columns}) values(@workspace, @path, @version, 0, @NowMs, null)
            on conflict(workspace, path) do update set version=excluded.version, attempts=0, due_at_ms=excluded.due_at_ms, note=null
            """,
            new { workspace, path, version, tx.NowMs }).ConfigureAwait(false);
        tx.Notify(Channel);
    }

    /// <summary>Takes the arrivals that are due, and makes each due again in a minute should this process end before it is done.</summary>
    public static ValueTask<IReadOnlyList<ArrivalRow>> TakeAsync(ITransaction tx, Dialect dialect, int limit) => tx.QueryAsync<ArrivalRow>(
        $"""
        with picked as (select workspace, path from arrivals where due_at_ms<=@NowMs order by due_at_ms limit @limit {dialect.SkipLocked})
        update arrivals set due_at_ms=@NowMs + 60000, attempts=attempts + 1 where (workspace, path) in (select workspace, path from picked)
        returning {Columns}
        """,
        new { tx.NowMs, limit });

    /// <summary>Takes a finished version off the list, unless a newer one has come.</summary>
    public static ValueTask<int> DoneAsync(ITransaction tx, ArrivalRow row) => tx.ExecuteAsync(
        "delete from arrivals where workspace=@Workspace and path=@Path and version=@Version", row);

    /// <summary>Notes why a version was given up.</summary>
    public static ValueTask<int> GiveUpAsync(ITransaction tx, ArrivalRow row, string note) => tx.ExecuteAsync(
        "update arrivals set due_at_ms=null, note=@note where workspace=@Workspace and path=@Path and version=@Version",
        new { note, row.Workspace, row.Path, row.Version });

    public static ValueTask<ArrivalRow?> FindAsync(IQuery query, string workspace, string path, long version) => query.FirstAsync<ArrivalRow>(
        $"select {Columns} from arrivals where workspace=@workspace and path=@path and version=@version", new { workspace, path, version });

    /// <summary>When the next one is due; null when none is.</summary>
    public static ValueTask<long?> NextDueAsync(IQuery query) => query.FirstAsync<long?>("select min(due_at_ms) from arrivals");

    /// <summary>How many versions are due to be indexed.</summary>
    public static ValueTask<long> CountDueAsync(IQuery query) => query.FirstAsync<long>("select count(*) from arrivals where due_at_ms<=@NowMs", new { query.NowMs });
}
