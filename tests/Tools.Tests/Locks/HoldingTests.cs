using Pipeline.Tools.Calls;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Locks;

/// <summary>Taking, keeping and giving back.</summary>
public sealed class HoldingTests
{
    private readonly HandClock _clock = new();

    [Fact]
    public async Task A_held_path_is_refused_to_others_with_its_holder_and_their_place()
    {
        await using var house = await LockHouse.OpenAsync();
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        var held = await ada.AcquireAsync("film/cut.mp4");

        var error = await bob.RefusedAsync("acquire_lock", new { asset = "film/cut.mp4" }, "lock_held");

        Assert.Equal("ada", error.GetProperty("facts").Text("holder"));
        Assert.Equal(held.Time("expires_at"), error.GetProperty("facts").Time("expires_at"));
        Assert.Equal(1, error.GetProperty("facts").Number("queue_position"));
        Assert.Equal(60, held.GetProperty("ttl_seconds").GetDouble());
    }

    [Fact]
    public async Task Tokens_grow_with_every_lock_on_the_path()
    {
        await using var house = await LockHouse.OpenAsync();
        var ada = await house.ConnectAsync("ada");
        var tokens = new List<long>();
        for (var n = 0; n < 5; n++)
        {
            var held = await ada.AcquireAsync("film/cut.mp4");
            tokens.Add(held.Number("token"));
            await ada.ReleaseAsync(held);
        }

        Assert.Equal(tokens.Order().Distinct(), tokens);
        Assert.Equal(1, (await ada.AcquireAsync("film/other.mp4")).Number("token"));
    }

    [Fact]
    public async Task Shared_locks_stand_together_and_keep_an_exclusive_one_out()
    {
        await using var house = await LockHouse.OpenAsync();
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        var one = await ada.AcquireAsync("film/a", "shared");
        var two = await bob.AcquireAsync("film/a", "shared");

        Assert.NotEqual(one.Number("token"), two.Number("token"));
        await ada.RefusedAsync("acquire_lock", new { asset = "film/a" }, "lock_held");
        await ada.RefusedAsync("put_asset", new { asset = "film/a", text = "x", lock_token = one.Number("token") }, "stale_token");
        await ada.ReleaseAsync(one);
        await ada.RefusedAsync("acquire_lock", new { asset = "film/a" }, "lock_held");
        await bob.ReleaseAsync(two);
        await ada.AcquireAsync("film/a");
    }

    [Fact]
    public async Task An_expired_lock_is_lost_even_if_nobody_took_it()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var ada = await house.ConnectAsync("ada");
        var held = await ada.AcquireAsync("film/a", ttl: 10);
        _clock.Advance(TimeSpan.FromSeconds(9.999));
        var renewed = await ada.CallAsync("renew_lock", new { lock_id = held.Text("lock_id") });
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(held.Time("expires_at").AddSeconds(9.999), renewed.Time("expires_at"));
        await ada.RefusedAsync("renew_lock", new { lock_id = held.Text("lock_id") }, "lock_lost");
        Assert.True((await ada.ReleaseAsync(held)).GetProperty("released").GetBoolean());
        await ada.RefusedAsync("renew_lock", new { lock_id = held.Text("lock_id") }, "lock_lost");
    }

    [Fact]
    public async Task Releasing_again_gives_the_same_answer_and_one_event()
    {
        await using var house = await LockHouse.OpenAsync();
        var ada = await house.ConnectAsync("ada");
        var held = await ada.AcquireAsync("film/a");

        Assert.Equal((await ada.ReleaseAsync(held)).GetRawText(), (await ada.ReleaseAsync(held)).GetRawText());
        Assert.Equal(["lock.acquired", "lock.released"], await house.KindsAsync());
    }

    [Fact]
    public async Task Another_principal_or_agent_finds_no_such_lock()
    {
        await using var house = await LockHouse.OpenAsync();
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        var id = (await ada.AcquireAsync("film/a", agent: "one")).Text("lock_id");

        foreach (var (client, agent) in new[] { (bob, "one"), (ada, "two"), (ada, null) })
        {
            await client.RefusedAsync("renew_lock", new { lock_id = id, agent }, "not_found");
            await client.RefusedAsync("release_lock", new { lock_id = id, agent }, "not_found");
            await client.RefusedAsync("acquire_lock", new { asset = "film/a", lock_id = id, agent }, "not_found");
        }
    }

    [Fact]
    public async Task The_holder_enters_again_by_lock_id_with_the_same_token()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var ada = await house.ConnectAsync("ada");
        var held = await ada.AcquireAsync("film/a", ttl: 10);
        _clock.Advance(TimeSpan.FromSeconds(5));

        var again = await ada.CallAsync("acquire_lock", new { asset = "film/a", lock_id = held.Text("lock_id"), ttl_seconds = 30 });

        Assert.Equal(held.Number("token"), again.Number("token"));
        Assert.Equal(held.Time("expires_at").AddSeconds(25), again.Time("expires_at"));
        await ada.RefusedAsync("acquire_lock", new { asset = "film/a" }, "lock_held");
        await ada.RefusedAsync("acquire_lock", new { asset = "film/b", lock_id = held.Text("lock_id") }, "invalid_argument");
    }

    [Fact]
    public async Task The_same_key_gives_the_same_lock_with_its_expiry_now_and_says_when_it_is_lost()
    {
        await using var house = await LockHouse.OpenAsync(_clock);
        var ada = await house.ConnectAsync("ada");
        var held = await ada.AcquireAsync("film/a", ttl: 10, key: "k");
        _clock.Advance(TimeSpan.FromSeconds(5));
        var renewed = await ada.CallAsync("renew_lock", new { lock_id = held.Text("lock_id") });

        var again = await ada.AcquireAsync("film/a", ttl: 10, key: "k");

        Assert.Equal(held.Text("lock_id"), again.Text("lock_id"));
        Assert.Equal(held.Number("token"), again.Number("token"));
        Assert.Equal(renewed.Time("expires_at"), again.Time("expires_at"));
        await ada.RefusedAsync("acquire_lock", new { asset = "film/b", idempotency_key = "k" }, "idempotency_mismatch");
        _clock.Advance(TimeSpan.FromSeconds(10));
        await ada.RefusedAsync(
            "acquire_lock", new { asset = "film/a", mode = "exclusive", ttl_seconds = 10.0, wait_seconds = 0.0, agent = (string?)null, idempotency_key = "k" }, "lock_lost");
    }

    [Fact]
    public async Task Several_are_taken_all_or_none()
    {
        await using var house = await LockHouse.OpenAsync();
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        var held = await bob.AcquireAsync("film/b");

        await ada.RefusedAsync("acquire_lock", new { assets = new[] { "film/c", "film/b", "film/a" } }, "lock_held");
        await bob.ReleaseAsync(await bob.AcquireAsync("film/a"));
        await bob.ReleaseAsync(held);
        var all = await ada.CallAsync("acquire_lock", new { assets = new[] { "film/c", "film/b", "film/a" } });

        var locks = all.GetProperty("locks").EnumerateArray().ToList();
        Assert.Equal(["film/a", "film/b", "film/c"], locks.Select(one => one.Text("asset")));
        Assert.Equal([2, 2, 1], locks.Select(one => one.Number("token")));
        await ada.CallAsync("put_asset", new { asset = "film/b", text = "x", lock_token = 2 });
        await ada.CallAsync("release_lock", new { lock_id = locks[0].Text("lock_id") });
        await bob.AcquireAsync("film/a");
        await bob.RefusedAsync("acquire_lock", new { asset = "film/b" }, "lock_held");
        await ada.CallAsync("release_lock", new { lock_id = all.Text("lock_id") });
        await bob.AcquireAsync("film/b");
    }

    [Fact]
    public async Task An_administrator_breaks_a_lock_with_a_reason_and_its_token_is_dead()
    {
        await using var house = await LockHouse.OpenAsync();
        var (ada, admin, mate) = (await house.ConnectAsync("ada", Role.Member), await house.ConnectAsync("root"), await house.ConnectAsync("mate", Role.Member));
        var held = await ada.AcquireAsync("film/a");
        var id = held.Text("lock_id");

        await mate.RefusedAsync("break_lock", new { lock_id = id, reason = "mine" }, "forbidden");
        await admin.RefusedAsync("break_lock", new { lock_id = id, reason = " " }, "invalid_argument");
        await admin.RefusedAsync("break_lock", new { lock_id = "lock_none", reason = "stuck" }, "not_found");
        Assert.True((await admin.CallAsync("break_lock", new { lock_id = id, reason = "stuck" })).GetProperty("broken").GetBoolean());

        await ada.RefusedAsync("put_asset", new { asset = "film/a", text = "x", lock_token = held.Number("token") }, "stale_token");
        await ada.RefusedAsync("renew_lock", new { lock_id = id }, "lock_lost");
        Assert.Equal(["lock.acquired", "lock.broken"], await house.KindsAsync());
        var logged = await house.Database.ReadAsync(query => query.FirstAsync<string>("select detail from audit where tool='break_lock' and outcome='ok'"), CancellationToken.None);
        Assert.Contains("stuck", logged, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"asset": "film/a@2"}""")]
    [InlineData("""{"asset": "film/../a"}""")]
    [InlineData("""{"asset": "film/a", "ttl_seconds": 0.5}""")]
    [InlineData("""{"asset": "film/a", "ttl_seconds": 3601}""")]
    [InlineData("""{"asset": "film/a", "wait_seconds": 46}""")]
    [InlineData("""{"asset": "film/a", "wait_seconds": -1}""")]
    [InlineData("""{"asset": "film/a", "mode": "upgrade"}""")]
    [InlineData("""{"asset": "film/a", "assets": ["film/b"]}""")]
    [InlineData("""{"assets": []}""")]
    [InlineData("""{"assets": ["film/a", "film/a"]}""")]
    [InlineData("{}")]
    public async Task Bad_requests_are_refused(string arguments)
    {
        await using var house = await LockHouse.OpenAsync();
        var ada = await house.ConnectAsync("ada");
        using var json = System.Text.Json.JsonDocument.Parse(arguments);

        await ada.RefusedAsync("acquire_lock", json.RootElement, "invalid_argument");
    }

    [Fact]
    public async Task Locks_of_workspaces_that_one_does_not_see_are_not_there()
    {
        await using var house = await LockHouse.OpenAsync();
        var ada = await house.ConnectAsync("ada");
        var stranger = await house.ConnectAsync("stranger", workspaces: ["other"]);
        var id = (await ada.AcquireAsync("film/a")).Text("lock_id");

        await stranger.RefusedAsync("acquire_lock", new { asset = "film/a" }, "not_found");
        await stranger.RefusedAsync("list_locks", new { workspace = "film" }, "not_found");
        await stranger.RefusedAsync("break_lock", new { lock_id = id, reason = "x" }, "not_found");
        Assert.Empty((await stranger.CallAsync("list_locks", new { agent = "ada" })).GetProperty("locks").EnumerateArray());
        Assert.Equal(id, (await ada.CallAsync("list_locks", new { agent = "ada" })).GetProperty("locks")[0].Text("lock_id"));
        Assert.Equal("film/a", (await ada.CallAsync("list_locks", new { workspace = "film" })).GetProperty("locks")[0].Text("asset"));
        Assert.Empty((await ada.CallAsync("list_locks", new { asset = "film/b" })).GetProperty("locks").EnumerateArray());
    }

    [Fact]
    public async Task The_list_goes_on_from_its_cursor()
    {
        await using var house = await LockHouse.OpenAsync();
        var ada = await house.ConnectAsync("ada");
        await ada.CallAsync("acquire_lock", new { assets = Enumerable.Range(0, 7).Select(n => $"film/{n}") });

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await ada.CallAsync("list_locks", new { workspace = "film", limit = 3, cursor });
            seen.AddRange(page.GetProperty("locks").EnumerateArray().Select(one => one.Text("asset")));
            cursor = page.TryGetProperty("cursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(Enumerable.Range(0, 7).Select(n => $"film/{n}"), seen.Order());
    }
}
