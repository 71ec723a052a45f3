using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

public sealed class KilledWriter : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_acknowledged_row_is_there_and_nothing_is_half_there()
    {
        List<long> acknowledged = [];
        for (var round = 0; round < 3; round++)
        {
            var folder = _folder["data" + round];
            using var child = Child.Start("write", folder);
            Assert.Equal("owned", await child.SaysAsync());
            acknowledged.Clear();
            for (var n = 0; n < 200 * (round + 1); n++)
            {
                acknowledged.Add(long.Parse((await child.SaysAsync())!, null));
            }

            // The last line may be torn by the kill.
            acknowledged.AddRange((await child.KillAsync()).SkipLast(1).Select(line => long.Parse(line, null)));

            using var owned = DataFolder.TryOwn(folder);
            Assert.NotNull(owned); // the lock went with the process
            await using var database = SqliteDatabase.Open(owned.DatabaseFile, TimeProvider.System);
            await database.MigrateAsync([Rows.Schema], CancellationToken.None);
            var kept = (await Rows.AllAsync(database)).ToHashSet();
            Assert.DoesNotContain(acknowledged, value => !kept.Contains(value));
            Assert.DoesNotContain(kept, value => !kept.Contains(-1 - value));
            Assert.Equal("ok", await database.ReadAsync(query => query.FirstAsync<string>("pragma integrity_check"), CancellationToken.None));
            await Rows.AddAsync(database, long.MaxValue);
        }
    }
}
