using System.Security.Cryptography;
using Pipeline.Faults;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.Objects;

/// <summary>A process that puts objects and then writes their rows, killed at any moment: no row without its bytes, nothing half there.</summary>
[Collection("alone")]
public sealed class KilledPuts : IDisposable
{
    private const int Seed = 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_visible_object_is_whole_and_every_row_has_its_object()
    {
        var kills = LongForm.Of(12, 5000);
        var chance = new Random(Seed);
        var (rows, leftovers) = (0, 0);
        for (var n = 0; n < kills; n++)
        {
            using (var child = Child.Start("put", _folder["data"]))
            {
                Assert.Equal("owned", await child.SaysAsync());
                for (var spoken = chance.Next(1, 12); spoken > 0; spoken--)
                {
                    Assert.NotNull(await child.SaysAsync());
                }

                await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(20)));
                await child.KillAsync();
            }

            var (found, left) = await CheckAsync();
            (rows, leftovers) = (found, leftovers + left);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {kills} kills, {rows} rows, each with its whole object; {leftovers} unfinished files cleared at the next start");
        Assert.True(rows > 0);
    }

    private async Task<(int Rows, int Leftovers)> CheckAsync()
    {
        var left = Directory.EnumerateFiles(Path.Combine(_folder["data"], "work")).Count();
        using var owned = DataFolder.TryOwn(_folder["data"]);
        Assert.NotNull(owned);
        Assert.Empty(Directory.EnumerateFileSystemEntries(owned.Work));
        await using var database = SqliteDatabase.Open(owned.DatabaseFile, TimeProvider.System);
        await database.MigrateAsync([Rows.Schema], CancellationToken.None);
        var names = await database.ReadAsync(query => query.QueryAsync<string>("select padding from rows"), CancellationToken.None);
        await foreach (var entry in new FileObjectStore(owned.Root).ListAsync(CancellationToken.None))
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(owned.Root, "objects", entry.Sha256[..2], entry.Sha256[2..]));
            Assert.Equal(entry.Sha256, Convert.ToHexStringLower(SHA256.HashData(bytes)));
        }

        foreach (var name in names)
        {
            Assert.True(File.Exists(Path.Combine(owned.Root, "objects", name[..2], name[2..])), $"The row of {name} has no object.");
        }

        return (names.Count, left);
    }
}
