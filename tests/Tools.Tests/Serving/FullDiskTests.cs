using System.Text.Json;
using ModelContextProtocol.Client;
using Pipeline.Faults;

namespace Pipeline.Tools.Tests.Serving;

/// <summary>A disk that is really full: writes are refused by name, reads go on, and whoever holds something can let it go.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_refuses_writes_serves_reads_and_lets_locks_go()
    {
        using var disk = SmallDisk.Mount(64);
        Assert.SkipWhen(disk is null, "Only root can mount a small disk.");
        await using var house = await House.OpenAsync(folder: disk.Root);
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film", auto_index = false });
        await client.CallAsync("put_asset", new { asset = "film/a.txt", text = "there before" });
        var held = await LockAsync(client, 1);
        var other = await LockAsync(client, 2);
        var third = await LockAsync(client, 3);

        var ballast = disk.Fill();
        await FillAsync(client);
        var refused = await client.RefusedAsync("put_asset", new { asset = "film/b.txt", text = new string('x', 100_000) }, "storage_full");
        Assert.Contains("full", refused.GetProperty("message").GetString(), StringComparison.Ordinal);

        await client.CallAsync("renew_lock", new { lock_id = held, ttl_seconds = 90 });
        await client.CallAsync("release_lock", new { lock_id = held });
        await client.CallAsync("release_lock", new { lock_id = held });
        await client.CallAsync("break_lock", new { lock_id = other, reason = "the disk is full" });
        await client.RefusedAsync("acquire_lock", new { asset = "film/9" }, "storage_full"); // the room in reserve is for those who free something
        Assert.Equal("there before", (await client.CallAsync("read_asset", new { asset = "film/a.txt", length = 100 })).GetProperty("text").GetString());
        await client.CallAsync("get_asset", new { asset = "film/a.txt" });
        await client.CallAsync("list_assets", new { workspace = "film" });
        await client.CallAsync("read_audit", new { workspace = "film" });
        var resumed = await client.CallAsync("resume_agent", new { });
        Assert.Equal(third, Assert.Single(resumed.GetProperty("locks_held").EnumerateArray()).GetProperty("lock_id").GetString());
        await client.RefusedAsync("release_lock", new { lock_id = "lock_of_nobody" }, "not_found");

        File.Delete(ballast);
        await Task.Delay(TimeSpan.FromSeconds(1.5)); // it looks for room once a second
        await client.CallAsync("put_asset", new { asset = "film/b.txt", text = "there is room again" });
    }

    [Fact]
    public async Task A_house_on_a_disk_that_is_full_already_opens_to_let_things_go()
    {
        using var disk = SmallDisk.Mount(64);
        Assert.SkipWhen(disk is null, "Only root can mount a small disk.");
        string held;
        await using (var before = await House.OpenAsync(folder: disk.Root))
        {
            var owner = await before.ConnectAsync();
            await owner.CallAsync("create_workspace", new { workspace = "film", auto_index = false });
            held = await LockAsync(owner, 1);
        }

        disk.Fill();
        await using var house = await House.OpenAsync(folder: disk.Root);
        var client = await house.ConnectAsync();
        await client.CallAsync("list_workspaces", new { });
        await client.CallAsync("release_lock", new { lock_id = held });
        await client.RefusedAsync("put_asset", new { asset = "film/b.txt", text = "no room" }, "storage_full");
    }

    private static async Task<string> LockAsync(McpClient client, int number) =>
        (await client.CallAsync("acquire_lock", new { asset = $"film/{number}", ttl_seconds = 600 })).GetProperty("lock_id").GetString()!;

    // The log has some room left in pages that it holds already; small writes use it up.
    private static async Task FillAsync(McpClient client)
    {
        for (var n = 0; n < 400; n++)
        {
            var result = await client.RawAsync("set_metadata", new { asset = "film/a.txt", metadata = new { note = new string('x', 3000) + n } });
            if (result.IsError == true && result.StructuredContent is JsonElement error && error.GetProperty("code").GetString() == "storage_full")
            {
                return;
            }
        }

        Assert.Fail("The disk did not become full.");
    }
}
