using System.Globalization;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Tests.Serving;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Tests.Locks;

/// <summary>Many at once.</summary>
public sealed class ContentionTests
{
    [Fact]
    public async Task Fifty_clients_count_under_the_lock_and_lose_nothing()
    {
        const int Clients = 50, Each = 3;
        await using var house = await LockHouse.OpenAsync();
        var admin = await house.ConnectAsync("admin");
        await admin.CallAsync("put_asset", new { asset = "film/count", text = "0" });
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(n => house.ConnectAsync($"counter{n}")));

        await Task.WhenAll(clients.Select(async client =>
        {
            for (var n = 0; n < Each; n++)
            {
                var held = await client.AcquireAsync("film/count", wait: 45);
                var (count, version) = await ReadAsync(house);
                await client.CallAsync(
                    "put_asset", new { asset = "film/count", text = (count + 1).ToString(CultureInfo.InvariantCulture), lock_token = held.Number("token"), if_version = version });
                await client.ReleaseAsync(held);
            }
        }));

        Assert.Equal((Clients * Each, Clients * Each + 1), await ReadAsync(house));
        await house.QueuedAsync(0);
    }

    [Fact]
    public async Task Overlapping_groups_in_any_order_all_get_through()
    {
        await using var house = await LockHouse.OpenAsync();
        var clients = await Task.WhenAll(Enumerable.Range(0, 12).Select(n => house.ConnectAsync($"agent{n}")));

        await Task.WhenAll(clients.Select(async (client, n) =>
        {
            for (var turn = 0; turn < 5; turn++)
            {
                var names = new[] { n % 5, (n + turn + 1) % 5, (n * 3 + turn) % 5 }.Distinct().Select(path => $"film/{path}").ToArray();
                await client.ReleaseAsync(await client.CallAsync("acquire_lock", new { assets = names, wait_seconds = 45, mode = (n + turn) % 3 == 0 ? "shared" : "exclusive" }));
            }
        }));

        await house.QueuedAsync(0);
    }

    [Fact]
    public async Task The_sweep_notes_what_expired_and_wakes_who_waits()
    {
        await using var house = await LockHouse.OpenAsync();
        var ada = await house.ConnectAsync("ada");
        await ada.AcquireAsync("film/a", ttl: 1);
        using var stop = new CancellationTokenSource();
        var sweeping = Task.WhenAll(house.Get<IEnumerable<IBackgroundWork>>().Select(work => work.RunAsync(stop.Token)));

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!(await house.KindsAsync()).Contains("lock.expired"))
        {
            await Task.Delay(20, limit.Token);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweeping);
    }

    private static async Task<(long Count, long Version)> ReadAsync(House house)
    {
        var row = (await house.Database.ReadAsync(query => AssetsTable.FindAsync(query, AssetName.Parse("film/count")), CancellationToken.None))!;
        using var text = new StreamReader(await house.Objects.OpenAsync(row.Sha256, 0, null, CancellationToken.None));
        return (long.Parse(await text.ReadToEndAsync(), CultureInfo.InvariantCulture), row.Version);
    }
}
