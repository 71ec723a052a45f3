using Pipeline.Tools.Contract;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Contract;

public sealed class PatienceTests
{
    [Fact]
    public async Task When_the_server_is_about_to_stop_every_wait_gets_its_ordinary_answer()
    {
        await using var house = await House.OpenAsync();
        var (ada, bob) = (await house.ConnectAsync("ada"), await house.ConnectAsync("bob"));
        await ada.CallAsync("create_workspace", new { workspace = "film" });
        await ada.CallAsync("acquire_lock", new { asset = "film/a", ttl_seconds = 600 });
        var since = (await ada.CallAsync("wait_events", new { workspace = "film" })).GetProperty("cursor").GetInt64();
        var events = ada.CallAsync("wait_events", new { workspace = "film", since, wait_seconds = 45 });
        var step = ada.CallAsync("claim_step", new { workspace = "film", capabilities = new[] { "x-any" }, wait_seconds = 45 });
        var held = bob.RefusedAsync("acquire_lock", new { asset = "film/a", wait_seconds = 45 }, "lock_held");

        house.Get<Patience>().End();

        Assert.Empty((await events).GetProperty("events").EnumerateArray());
        Assert.False((await step).TryGetProperty("step", out _));
        Assert.Equal("ada", (await held).GetProperty("facts").GetProperty("holder").GetString());
    }
}
