using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Locks;

/// <summary>What the locks do to writes.</summary>
public sealed class FencingTests
{
    private readonly HandClock _clock = new();

    [Fact]
    public async Task Only_the_holder_with_its_token_writes()
    {
        await using var house = await LockHouse.OpenAsync();
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        var token = (await ada.AcquireAsync("film/a")).Number("token");

        await ada.RefusedAsync("put_asset", new { asset = "film/a", text = "x" }, "lock_held");
        await bob.RefusedAsync("put_asset", new { asset = "film/a", text = "x" }, "lock_held");
        await bob.RefusedAsync("put_asset", new { asset = "film/a", text = "x", lock_token = token }, "stale_token");
        await ada.RefusedAsync("put_asset", new { asset = "film/a", text = "x", lock_token = token, agent = "another" }, "stale_token");
        await ada.RefusedAsync("put_asset", new { asset = "film/a", text = "x", lock_token = token + 1 }, "stale_token");
        await ada.CallAsync("put_asset", new { asset = "film/a", text = "x", lock_token = token });
    }

    [Fact]
    public async Task An_expired_token_is_stale_whether_or_not_someone_took_the_lock()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        var token = (await ada.AcquireAsync("film/a", ttl: 5)).Number("token");
        _clock.Advance(TimeSpan.FromSeconds(5));

        await ada.RefusedAsync("put_asset", new { asset = "film/a", text = "x", lock_token = token }, "stale_token");
        await bob.CallAsync("put_asset", new { asset = "film/a", text = "x" });
        var next = (await bob.AcquireAsync("film/a")).Number("token");
        await ada.RefusedAsync("put_asset", new { asset = "film/a", text = "x", lock_token = token }, "stale_token");
        Assert.True(next > token);
        Assert.Equal(["lock.acquired", "lock.expired", "lock.acquired"], await house.KindsAsync());
    }

    [Fact]
    public async Task Setting_the_machines_clock_shortens_no_lease()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var ada = await house.ConnectAsync("ada");
        var held = await ada.AcquireAsync("film/a", ttl: 60);
        foreach (var jump in new[] { 1.0, -2.0, 24.0 })
        {
            _clock.SetWall(TimeSpan.FromHours(jump));
            await ada.CallAsync("put_asset", new { asset = "film/a", text = "x", lock_token = held.Number("token") });
        }

        _clock.Advance(TimeSpan.FromSeconds(60));
        await ada.RefusedAsync("put_asset", new { asset = "film/a", text = "x", lock_token = held.Number("token") }, "stale_token");
    }

    [Fact]
    public async Task A_restart_keeps_locks_and_tokens_and_counts_against_no_lease()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-locks-");
        long token;
        await using (var house = await LockHouse.OpenAsync(_clock, folder.FullName))
        {
            var ada = await house.ConnectAsync("ada");
            await ada.ReleaseAsync(await ada.AcquireAsync("film/b"));
            token = (await ada.AcquireAsync("film/a", ttl: 60)).Number("token");
        }

        _clock.Advance(TimeSpan.FromHours(1));
        await using (var house = await LockHouse.OpenAsync(_clock, folder.FullName))
        {
            var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
            _clock.Advance(TimeSpan.FromSeconds(59));
            await bob.RefusedAsync("acquire_lock", new { asset = "film/a" }, "lock_held");
            await ada.CallAsync("put_asset", new { asset = "film/a", text = "x", lock_token = token });
            _clock.Advance(TimeSpan.FromSeconds(2));
            Assert.True((await bob.AcquireAsync("film/a")).Number("token") > token);
            Assert.Equal(2, (await bob.AcquireAsync("film/b")).Number("token"));
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_workspace_may_require_locks()
    {
        await using var house = await LockHouse.OpenAsync();
        var ada = await house.ConnectAsync("ada");
        await ada.CallAsync("update_workspace", new { workspace = "film", locks_required = true });

        await ada.RefusedAsync("put_asset", new { asset = "film/a", text = "x" }, "lock_required");
        var token = (await ada.AcquireAsync("film/a")).Number("token");
        await ada.CallAsync("put_asset", new { asset = "film/a", text = "x", lock_token = token });
    }
}
