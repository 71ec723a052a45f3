using Microsoft.Data.Sqlite;
using Pipeline.Faults;
using Pipeline.Faults.Disks;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>What was answered outlives a power cut at any point, whatever part of the unflushed writes the disk had taken.</summary>
[Collection("alone")]
public sealed class PowerCuts : IDisposable
{
    private const int Seed = 20_261_121;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Nothing_that_was_answered_is_lost()
    {
        var points = LongForm.Of(150, 5000);
        var (operations, log) = await WorkAsync(SyncMode.Recorded);
        Assert.Equal(200, operations.Answered.Count);
        var (wrong, cut) = await CutAsync(operations, log, points);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {cut} power cuts in {log.Count} changes, {wrong.Count} wrong");
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task A_disk_that_only_says_that_it_flushed_is_found_out()
    {
        var (operations, log) = await WorkAsync(SyncMode.Dropped);
        Assert.NotEmpty((await CutAsync(operations, log, 20)).Wrong);
    }

    private async Task<(Operations Operations, WriteLog Log)> WorkAsync(SyncMode syncs)
    {
        var folder = Directory.CreateDirectory(_folder["work"]).FullName;
        using var disk = FaultyDisk.Under(folder);
        var log = new WriteLog();
        (disk.Syncs, disk.Log) = (syncs, log);
        var operations = new Operations(Seed);
        Assert.True(await operations.RunAsync(Path.Combine(folder, "test.db"), () => log.Count));
        return (operations, log);
    }

    private async Task<(List<string> Wrong, int Cut)> CutAsync(Operations operations, WriteLog log, int points)
    {
        var chance = new Random(Seed);
        List<string> wrong = [];
        for (var n = 0; n < points; n++)
        {
            var at = chance.Next(log.Count + 1);
            var folder = Directory.CreateDirectory(_folder["cut" + n]);
            using var disk = FaultyDisk.Under(folder.FullName);
            disk.Syncs = SyncMode.Recorded; // this disk stays whole
            new PowerCut().Leave(log.Until(at), chance, folder.FullName);
            try
            {
                wrong.AddRange((await operations.CheckAsync(Path.Combine(folder.FullName, "test.db"), at, refusedMayStay: false)).Select(what => $"cut {n} at {at}: {what}"));
            }
            catch (Exception failure) when (failure is StorageFailedException or SqliteException)
            {
                wrong.Add($"cut {n} at {at}: {failure.Message}");
            }

            folder.Delete(recursive: true);
        }

        return (wrong, points);
    }
}
