using Microsoft.Data.Sqlite;
using Pipeline.Faults;
using Pipeline.Faults.Disks;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>The n-th call to the disk fails, for every n until a run meets no fault: nobody is told other than what is on disk afterwards.</summary>
[Collection("alone")]
public sealed class FailingCalls : IDisposable
{
    private const int Seed = 7;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DiskOperation.Any, DiskFailure.Broken, false)]
    [InlineData(DiskOperation.Any, DiskFailure.Broken, true)]
    [InlineData(DiskOperation.Changes, DiskFailure.Full, false)]
    [InlineData(DiskOperation.Changes, DiskFailure.Full, true)]
    [InlineData(DiskOperation.Write, DiskFailure.Short, false)]
    public async Task Whoever_was_answered_is_there_and_whoever_is_not_was_told(DiskOperation operations, DiskFailure failure, bool lasting)
    {
        var stride = new Random(Seed);
        List<string> wrong = [];
        var (runs, struck) = (0, true);
        for (long at = 1; struck; at += 1 + stride.Next(LongForm.Of(60, 1)))
        {
            var fault = new DiskFault(operations, at, failure, lasting);
            wrong.AddRange((await RunAsync(fault, runs++)).Select(what => $"call {at}: {what}"));
            struck = fault.Struck > 0;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{failure}{(lasting ? " for good" : "")}: {runs} runs until one met no fault, {wrong.Count} wrong");
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_write_that_is_lost_without_a_word_is_found_out()
    {
        List<string> wrong = [];
        for (long at = 200; at < 260 && wrong.Count == 0; at++)
        {
            var fault = new DiskFault(DiskOperation.Write, at, DiskFailure.Lost, Lasting: true);
            try
            {
                wrong.AddRange(await RunAsync(fault, (int)at));
            }
            catch (SqliteException failure)
            {
                wrong.Add(failure.Message);
            }
            catch (StorageFailedException failure)
            {
                wrong.Add(failure.Message);
            }
        }

        Assert.NotEmpty(wrong);
    }

    [Fact]
    public async Task After_a_failed_flush_the_log_is_not_copied_into_the_database()
    {
        using var disk = FaultyDisk.Under(_folder.Root);
        var log = new WriteLog();
        (disk.Syncs, disk.Log) = (SyncMode.Recorded, log);
        var file = _folder["test.db"];
        await using (var database = SqliteDatabase.Open(file, TimeProvider.System))
        {
            await database.MigrateAsync([Rows.Schema], CancellationToken.None);
            disk.Fault = new DiskFault(DiskOperation.Sync, 1, DiskFailure.Broken, Lasting: false);
            Assert.False((await Assert.ThrowsAsync<StorageFailedException>(() => Rows.AddAsync(database, 1))).Full);
            Assert.Contains("started again", (await database.Stopped).Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<StorageFailedException>(() => Rows.AddAsync(database, 2));
            Assert.Empty(await Rows.AllAsync(database));
        }

        var main = log.Until(log.Count).OfType<Change.Created>().Single(made => made.Path == file).File;
        var failed = log.Count;
        Assert.DoesNotContain(log.Until(failed).OfType<Change.Written>(), change => change.File == main && change.Offset > 0);
        await using var reopened = SqliteDatabase.Open(file, TimeProvider.System);
        await reopened.MigrateAsync([Rows.Schema], CancellationToken.None);
        await Rows.AddAsync(reopened, 3);
    }

    private async Task<IReadOnlyList<string>> RunAsync(DiskFault fault, int run)
    {
        var folder = Directory.CreateDirectory(_folder[$"run{run}"]);
        using var disk = FaultyDisk.Under(folder.FullName);
        (disk.Syncs, disk.Fault) = (SyncMode.Recorded, fault);
        var operations = new Operations(Seed, paddingBytes: 200);
        var file = Path.Combine(folder.FullName, "test.db");
        var opened = await operations.RunAsync(file, static () => 0);
        disk.Fault = null;
        if (opened && operations.Answered.Count + operations.Refused.Count != 200)
        {
            return [$"{200 - operations.Answered.Count - operations.Refused.Count} calls were never answered"];
        }

        // After a failed flush nobody can say whether the last batch is on disk; what failed otherwise is gone for certain.
        var flushFailed = fault.Failure == DiskFailure.Broken;
        var wrong = await operations.CheckAsync(file, mark: 0, refusedMayStay: flushFailed);
        folder.Delete(recursive: true);
        return wrong;
    }
}
