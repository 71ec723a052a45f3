using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>What happens when the disk is full or breaks: real SQLite errors, no stand-ins.</summary>
public sealed class FailingDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_store_says_so_keeps_what_it_had_and_goes_on()
    {
        await using var database = await OpenAsync();
        await Rows.AddAsync(database, 1);
        await LimitPagesAsync(database, 0);

        var failure = await Assert.ThrowsAsync<StorageFailedException>(() => Rows.AddAsync(database, 2, new string('x', 200_000)));
        Assert.True(failure.Full);
        Assert.Equal([1], await Rows.AllAsync(database));

        await LimitPagesAsync(database, 1_000_000);
        await Rows.AddAsync(database, 3, new string('x', 200_000));
        Assert.Equal([1, 3], await Rows.AllAsync(database));
    }

    [Fact]
    public void A_file_that_cannot_grow_is_told_from_one_that_is_missing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has /dev/full.");
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        Assert.True(StorageFailedException.IsFull(Assert.ThrowsAny<IOException>(() => full.WriteByte(1))));
        Assert.False(StorageFailedException.IsFull(Assert.ThrowsAny<IOException>(() => File.ReadAllBytes(_folder["none"]))));
    }

    [Fact]
    public async Task A_transaction_that_fills_the_store_half_commits_nobody()
    {
        await using var database = await OpenAsync();
        await LimitPagesAsync(database, 3);
        using var holding = new Occupied(database);
        var work = Enumerable.Range(0, 9).Select(n => Rows.AddAsync(database, n, n == 4 ? new string('x', 200_000) : null)).ToList();
        await holding.LeaveAsync();

        var kept = new List<long>();
        for (var n = 0; n < work.Count; n++)
        {
            var failure = await Record.ExceptionAsync(() => work[n]);
            if (failure is null)
            {
                kept.Add(n);
            }
            else
            {
                Assert.True(Assert.IsType<StorageFailedException>(failure).Full);
            }
        }

        Assert.DoesNotContain(4, kept);
        Assert.Equal(kept, await Rows.AllAsync(database)); // exactly those that were told so
        await Rows.AddAsync(database, 100);
    }

    [Fact]
    public async Task A_delegate_that_hides_a_lost_transaction_commits_nothing_alone()
    {
        await using var database = await OpenAsync();
        await LimitPagesAsync(database, 0);
        await Assert.ThrowsAsync<StorageFailedException>(() => database.TransactAsync(async tx =>
        {
            await Rows.AddAsync(tx, 1);
            for (var n = 0; n < 3; n++)
            {
                _ = await Record.ExceptionAsync(() => tx.ExecuteAsync("insert into rows(value, padding) values(7, hex(zeroblob(200000)))").AsTask());
                _ = await Record.ExceptionAsync(() => tx.ExecuteAsync("rollback").AsTask());
            }

            return await Rows.AddAsync(tx, 2);
        }, CancellationToken.None));

        Assert.Empty(await Rows.AllAsync(database));
    }

    [Fact]
    public async Task A_failed_flush_fails_the_whole_batch_and_stops_writing_but_not_reading()
    {
        await using (var database = await OpenAsync())
        {
            await Rows.AddAsync(database, 1);
            using var holding = new Occupied(database);
            var batch = Enumerable.Range(10, 5).Select(n => Rows.AddAsync(database, n)).ToList();
            using (new BrokenFlush(_folder["test.db-wal"]))
            {
                await holding.LeaveAsync();
                foreach (var caller in batch)
                {
                    Assert.False((await Assert.ThrowsAsync<StorageFailedException>(() => caller)).Full);
                }
            }

            // The disk answers again, but what it lost in between nobody knows.
            var refused = await Assert.ThrowsAsync<StorageFailedException>(() => Rows.AddAsync(database, 20));
            Assert.Contains("started again", refused.Message, StringComparison.Ordinal);
            Assert.Equal([1], await Rows.AllAsync(database));
        }

        await using var reopened = await OpenAsync();
        Assert.Equal([1], await Rows.AllAsync(reopened));
        await Rows.AddAsync(reopened, 2);
    }

    [Fact]
    public void A_file_that_is_no_database_is_named_as_such()
    {
        File.WriteAllText(_folder["test.db"], new string('?', 8192));
        Assert.Throws<StorageFailedException>(() => SqliteDatabase.Open(_folder["test.db"], TimeProvider.System));
    }

    private static Task<long> LimitPagesAsync(SqliteDatabase database, long more) => database.TransactAsync(async tx =>
    {
        var pages = await tx.FirstAsync<long>("pragma page_count");
        return await tx.FirstAsync<long>($"pragma max_page_count={pages + more}");
    }, CancellationToken.None);

    private async Task<SqliteDatabase> OpenAsync()
    {
        var database = SqliteDatabase.Open(_folder["test.db"], TimeProvider.System);
        await database.MigrateAsync([Rows.Schema], CancellationToken.None);
        return database;
    }
}
