using System.Collections.Concurrent;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>
/// A workload of transactions from several callers that knows what it was answered. Each adds a pair of rows of seeded size and counts itself
/// in a third, so half a transaction and a lost one both show.
/// </summary>
internal sealed class Operations(int seed, int count = 200, int paddingBytes = 40_000)
{
    private const int Callers = 4;

    private readonly ConcurrentQueue<(long Value, int Mark)> _answered = [];
    private readonly ConcurrentQueue<long> _refused = [];

    /// <summary>What was answered with success, each with the mark that stood when the answer came.</summary>
    public IReadOnlyCollection<(long Value, int Mark)> Answered => _answered;

    /// <summary>What was answered with a failure of the store.</summary>
    public IReadOnlyCollection<long> Refused => _refused;

    /// <summary>Opens the store as the product does, runs all operations and closes it.</summary>
    /// <returns>False when the store could not be opened.</returns>
    public async Task<bool> RunAsync(string file, Func<int> mark)
    {
        try
        {
            await using var database = SqliteDatabase.Open(file, TimeProvider.System);
            await database.MigrateAsync([Rows.Schema], CancellationToken.None);
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => CallAsync(database, caller, mark))));
            return true;
        }
        catch (StorageFailedException)
        {
            return false;
        }
    }

    /// <summary>Opens what is left with the product's own code and holds it against the answers.</summary>
    /// <param name="file">The database.</param>
    /// <param name="mark">The mark at which the store was cut off: what was answered later need not be there.</param>
    /// <param name="refusedMayStay">Whether an operation that was refused may have been kept all the same.</param>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(string file, int mark, bool refusedMayStay)
    {
        await using var database = SqliteDatabase.Open(file, TimeProvider.System);
        await database.MigrateAsync([Rows.Schema], CancellationToken.None);
        var all = await Rows.AllAsync(database);
        var kept = all.Where(value => value > 0).ToHashSet();
        var counted = await database.ReadAsync(query => query.FirstAsync<long>("select cast(padding as bigint) from rows where value=0"), CancellationToken.None);
        var integrity = await database.ReadAsync(query => query.FirstAsync<string>("pragma integrity_check"), CancellationToken.None);
        await Rows.AddAsync(database, long.MaxValue);
        return
        [
            .. _answered.Where(answer => answer.Mark <= mark && !kept.Contains(answer.Value)).Select(answer => $"{answer.Value} was answered and is missing"),
            .. kept.Where(value => !all.Contains(-value)).Select(value => $"{value} is there by half"),
            .. _refused.Where(value => !refusedMayStay && kept.Contains(value)).Select(value => $"{value} was refused and is there"),
            .. counted == kept.Count ? Array.Empty<string>() : [$"{counted} operations counted, {kept.Count} there"],
            .. integrity == "ok" ? Array.Empty<string>() : [$"integrity_check: {integrity}"],
        ];
    }

    private async Task CallAsync(SqliteDatabase database, int caller, Func<int> mark)
    {
        var chance = new Random((seed * 31) + caller);
        for (var n = 0; n < count / Callers; n++)
        {
            long value = (caller * 1_000_000L) + n + 1;
            var padding = new string((char)('a' + (n % 26)), chance.Next(paddingBytes));
            try
            {
                await database.TransactAsync(tx => OperateAsync(tx, value, padding), CancellationToken.None);
                _answered.Enqueue((value, mark()));
            }
            catch (StorageFailedException)
            {
                _refused.Enqueue(value);
            }
        }
    }

    private static async ValueTask<bool> OperateAsync(ITransaction tx, long value, string padding)
    {
        await Rows.AddAsync(tx, value, padding);
        await tx.ExecuteAsync("insert into rows(value, padding) values(0, '1') on conflict(value) do update set padding = cast(rows.padding as bigint) + 1");
        await Rows.AddAsync(tx, -value);
        return true;
    }
}
