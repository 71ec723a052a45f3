using Microsoft.Extensions.DependencyInjection;
using Pipeline.Faults;
using Pipeline.Storage;
using Pipeline.Storage.Objects;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Assets;

/// <summary>What nobody names goes after its grace; what anybody names stays, whatever happens at the same moment.</summary>
public sealed class ObjectSweepTests
{
    [Fact]
    public async Task Abandoned_bytes_go_after_their_grace_and_named_ones_stay()
    {
        var clock = new HandClock();
        await using var house = await House.OpenAsync(services => services.AddSingleton<TimeProvider>(clock));
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film", auto_index = false });
        await client.CallAsync("put_asset", new { asset = "film/a.txt", text = "named" });
        await client.CallAsync("put_asset", new { asset = "film/a.txt", text = "named too" });
        var abandoned = await house.Objects.PutAsync(new MemoryStream([1, 2, 3]), CancellationToken.None);
        var sweep = house.Get<ObjectSweep>();

        Assert.Equal(0, (await sweep.RunAsync(TimeSpan.FromHours(1), false, CancellationToken.None)).ObjectsRemoved);
        clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, (await sweep.RunAsync(TimeSpan.FromHours(1), dryRun: true, CancellationToken.None)).ObjectsRemoved);
        Assert.NotNull(await house.Objects.HeadAsync(abandoned.Sha256, CancellationToken.None));

        var swept = await client.CallAsync("collect_garbage", new { grace_seconds = 3600 });
        Assert.Equal((1, 3), (swept.GetProperty("objects_removed").GetInt64(), swept.GetProperty("bytes_freed").GetInt64()));
        Assert.Null(await house.Objects.HeadAsync(abandoned.Sha256, CancellationToken.None));
        Assert.Equal("named", (await client.CallAsync("read_asset", new { asset = "film/a.txt@1", length = 100 })).GetProperty("text").GetString());
        await client.RefusedAsync("collect_garbage", new { grace_seconds = 10 }, "invalid_argument");
    }

    [Fact]
    public async Task A_wall_clock_that_jumps_ahead_makes_nothing_old()
    {
        var clock = new HandClock();
        await using var house = await House.OpenAsync(services => services.AddSingleton<TimeProvider>(clock));
        await house.Objects.PutAsync(new MemoryStream([1, 2, 3]), CancellationToken.None); // its row is about to be written
        clock.SetWall(TimeSpan.FromDays(30));
        Assert.Equal(0, (await house.Get<ObjectSweep>().RunAsync(TimeSpan.FromHours(1), false, CancellationToken.None)).ObjectsRemoved);
    }

    [Fact]
    public async Task Uploads_past_their_time_and_stray_files_go_too()
    {
        var clock = new HandClock();
        await using var house = await House.OpenAsync(services => services.AddSingleton<TimeProvider>(clock));
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film", auto_index = false });
        var url = (await client.CallAsync("create_upload", new { asset = "film/big.bin", size_bytes = 10 })).GetProperty("url").GetString()!;
        var files = house.Get<UploadFiles>();
        await File.WriteAllBytesAsync(files.PathOf(url.Split('/')[^1]), [1, 2]);
        await File.WriteAllBytesAsync(files.PathOf("upload_stray"), [1]);
        clock.Advance(TimeSpan.FromDays(2));

        foreach (var file in files.Files())
        {
            file.LastWriteTimeUtc = clock.GetUtcNow().UtcDateTime - TimeSpan.FromDays(2);
        }

        var swept = await house.Get<ObjectSweep>().RunAsync(ObjectSweep.DefaultGrace, false, CancellationToken.None);
        Assert.Equal((1, 1), (swept.UploadsExpired, swept.FilesRemoved));
        Assert.Empty(files.Files());
    }

    /// <summary>Writers put bytes that have lain abandoned beyond every grace, at the very moment when a sweep wants them.</summary>
    [Fact]
    public async Task A_sweep_that_races_with_writers_takes_nothing_that_a_row_names()
    {
        var rounds = LongForm.Of(25, 1000);
        await using var house = await House.OpenAsync(ObjectBackEnd.OnFiles);
        var store = house.Get<FileObjectStore>();
        var (data, sweep) = (house.Get<DataFolder>(), house.Get<ObjectSweep>());
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film", auto_index = false });
        long removed = 0;
        for (var round = 0; round < rounds; round++)
        {
            var texts = Enumerable.Range(0, 10).Select(n => $"{round} {n}").ToList();
            foreach (var text in texts)
            {
                var stored = await new FileObjectStore(data.Root).PutAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), CancellationToken.None);
                await AgeAsync(house, stored);
            }

            // The sweep remembers no put of these, as after a restart: only the files' times.
            using var over = new CancellationTokenSource();
            var sweeping = Task.Run(async () =>
            {
                while (!over.IsCancellationRequested)
                {
                    Interlocked.Add(ref removed, (await sweep.RunAsync(TimeSpan.FromMinutes(10), false, CancellationToken.None)).ObjectsRemoved);
                }
            });
            await Parallel.ForEachAsync(texts, async (text, _) => await client.CallAsync("put_asset", new { asset = $"film/{text.Replace(' ', '-')}.txt", text }));
            await over.CancelAsync();
            await sweeping;
        }

        var named = await house.Database.ReadAsync(query => Toolbox.ObjectNames.AfterAsync(query, "", 100_000), CancellationToken.None);
        Assert.Equal(rounds * 10, named.Count);
        foreach (var name in named)
        {
            Assert.NotNull(await store.HeadAsync(name, CancellationToken.None));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{named.Count} objects put again while swept, {removed} swept before, 0 named ones lost");
    }

    // A file as it lies there after a restart weeks later.
    private static async Task AgeAsync(House house, StoredObject stored)
    {
        using var local = await house.Objects.LocalAsync(stored.Sha256, CancellationToken.None);
        File.SetLastWriteTimeUtc(local.Path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
    }
}
