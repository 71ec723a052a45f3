using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

public sealed class GroupCommit : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Callers_that_come_together_share_commits()
    {
        await using var database = await OpenAsync();
        var before = database.Commits;
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(n => Task.Run(() => Rows.AddAsync(database, n))));

        Assert.Equal(2000, (await Rows.AllAsync(database)).Count);
        Assert.InRange(database.Commits - before, 1, 1000);
    }

    [Fact]
    public async Task A_caller_alone_gets_a_commit_of_its_own()
    {
        await using var database = await OpenAsync();
        var before = database.Commits;
        for (var n = 0; n < 20; n++)
        {
            await Rows.AddAsync(database, n);
        }

        Assert.Equal(20, database.Commits - before);
    }

    [Fact]
    public async Task The_durable_settings_are_on()
    {
        await using var database = await OpenAsync();
        var settings = await database.TransactAsync(async tx => (
            await tx.FirstAsync<string>("pragma journal_mode"),
            await tx.FirstAsync<long>("pragma synchronous"),
            await tx.FirstAsync<long>("pragma wal_autocheckpoint"),
            await tx.FirstAsync<long>("pragma foreign_keys")), CancellationToken.None);

        Assert.Equal(("wal", 2, 0, 1), settings);
    }

    [Fact]
    public async Task Connections_that_read_stay_few_and_a_read_cannot_write()
    {
        await using var database = await OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Task.Run(() => Rows.AllAsync(database))));
        var file = Path.Combine(_folder.Root, "test.db");
        var open = Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(link => new FileInfo(link).LinkTarget == file);

        Assert.InRange(open, 1, 17);
        await Assert.ThrowsAsync<StorageFailedException>(() =>
            database.ReadAsync(query => query.FirstAsync<long>("insert into rows(value) values(1) returning value"), CancellationToken.None));
        Assert.Empty(await Rows.AllAsync(database));
    }

    [Fact]
    public async Task The_log_is_folded_in_although_reads_never_pause()
    {
        await using var database = await OpenAsync();
        using var done = new CancellationTokenSource();
        var reading = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await database.ReadAsync(async query =>
                {
                    await query.FirstAsync<long>("select count(*) from rows");
                    Thread.Sleep(30); // reads overlap, so that the log is never without a reader
                    return true;
                }, CancellationToken.None);
            }
        })).ToList();
        var padding = new string('x', 4 << 20);
        for (var n = 0; n < 30; n++)
        {
            await Rows.AddAsync(database, n, padding);
        }

        await done.CancelAsync();
        await Task.WhenAll(reading);
        Assert.InRange(new FileInfo(_folder["test.db-wal"]).Length, 0, 80L << 20);
        Assert.True(new FileInfo(_folder["test.db"]).Length > 64L << 20);
    }

    private async Task<SqliteDatabase> OpenAsync()
    {
        var database = SqliteDatabase.Open(_folder["test.db"], TimeProvider.System);
        await database.MigrateAsync([Rows.Schema], CancellationToken.None);
        return database;
    }
}
