using Pipeline.Tools.Events;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Events;

public sealed class WaitEventsTests
{
    [Fact]
    public async Task A_waiter_is_woken_by_the_commit_and_misses_nothing()
    {
        await using var house = await House.OpenAsync();
        var waiter = await house.ConnectAsync("waiter");
        var writer = await house.ConnectAsync("writer");
        await writer.CallAsync("create_workspace", new { workspace = "film" });
        var cursor = (await waiter.CallAsync("wait_events", new { workspace = "film" })).GetProperty("cursor").GetInt64();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                await writer.CallAsync("put_asset", new { asset = $"film/{i}.txt", text = "x" });
            }
        });

        var seen = new List<string?>();
        while (seen.Count < 40)
        {
            var page = await waiter.CallAsync("wait_events", new { workspace = "film", since = cursor, kinds = new[] { "asset.*" }, wait_seconds = 45 });
            seen.AddRange(page.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("subject").GetString()));
            cursor = page.GetProperty("cursor").GetInt64();
        }

        await writing;
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"film/{i}.txt"), seen);
    }

    [Fact]
    public async Task Without_a_cursor_come_the_latest_and_pages_follow_each_other()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        for (var i = 0; i < 5; i++)
        {
            await client.CallAsync("put_asset", new { asset = $"film/{i}.txt", text = "x" });
        }

        var latest = await client.CallAsync("wait_events", new { workspace = "film", limit = 2 });
        var first = await client.CallAsync("wait_events", new { workspace = "film", since = 0, limit = 4, kinds = new[] { "asset.written" } });
        var second = await client.CallAsync("wait_events", new { workspace = "film", since = first.GetProperty("cursor").GetInt64() });
        var other = await client.CallAsync("wait_events", new { workspace = "film", since = 0, kinds = new[] { "run.*", "ass" } });

        Assert.Equal(["film/3.txt", "film/4.txt"], latest.GetProperty("events").EnumerateArray().Select(one => one.GetProperty("subject").GetString()));
        Assert.Equal(4, first.GetProperty("events").GetArrayLength());
        Assert.Equal("film/4.txt", Assert.Single(second.GetProperty("events").EnumerateArray()).GetProperty("subject").GetString());
        Assert.Equal(latest.GetProperty("cursor").GetInt64(), second.GetProperty("cursor").GetInt64());
        Assert.Empty(other.GetProperty("events").EnumerateArray());
    }

    [Fact]
    public async Task Bad_input_is_refused()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });

        await client.RefusedAsync("wait_events", new { workspace = "film", wait_seconds = 46 }, "invalid_argument");
        await client.RefusedAsync("wait_events", new { workspace = "film", kinds = new[] { "Asset!" } }, "invalid_argument");
        await client.RefusedAsync("wait_events", new { workspace = "film", kinds = Array.Empty<string>() }, "invalid_argument");
        await client.RefusedAsync("wait_events", new { workspace = "none" }, "not_found");
    }

    [Theory]
    [InlineData("*", "step.done", true)]
    [InlineData("step.*", "step.done", true)]
    [InlineData("step.*", "step", false)]
    [InlineData("step.*", "stepping.done", false)]
    [InlineData("step.done", "step.done", true)]
    [InlineData("step.done", "step.done.twice", false)]
    public void Patterns_match_names_and_families(string pattern, string kind, bool matches) =>
        Assert.Equal(matches, KindPatterns.Parse([pattern], "kinds").Matches(kind));
}
