using Pipeline.Storage.State;

namespace Pipeline.Storage.Moving;

/// <summary>What a node does about a database to which a house was moved: it keeps off while that is under way, and the first one takes it over.</summary>
internal static class PostgresArrival
{
    /// <exception cref="StorageFailedException">The database is being filled.</exception>
    public static void Require(PostgresConnection connection)
    {
        if (HouseMoveTable.Of(connection) is { State: HouseMoveTable.Filling })
        {
            throw new StorageFailedException(
                "This database is being filled by 'pipeline migrate', and nothing can be served from it before that has ended. If it was interrupted, run the same command again: it goes on. "
                + "To use the database for something else, drop its table house_move first.", null, full: false);
        }
    }

    /// <summary>
    /// Makes the first opening of what was moved like that of a store that was closed meanwhile: leases that had not run out move on to this
    /// database's clock, so each has at least the remainder that it had. In the transaction that migrates.
    /// </summary>
    public static async ValueTask<bool> TakeOverAsync(ITransaction tx, PostgresConnection connection, IReadOnlyList<Table> tables)
    {
        if (HouseMoveTable.Of(connection) is not { State: HouseMoveTable.Arrived } moved)
        {
            return false;
        }

        var movedMs = connection.First<long>("select pipeline_now_ms()") - moved.SourceNowMs;
        foreach (var lease in tables.SelectMany(table => table.Leases))
        {
            await tx.ExecuteAsync(
                $"update {lease.Table} set {lease.Column} = {lease.Column} + @movedMs where {lease.Column} > @SourceNowMs", new { movedMs, moved.SourceNowMs }).ConfigureAwait(false);
        }

        await tx.ExecuteAsync(HouseMoveTable.Mark, new { State = HouseMoveTable.Served, moved.SourceNowMs }).ConfigureAwait(false);
        return true;
    }
}
