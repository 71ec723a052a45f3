using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.Workers.Crafts;

namespace Pipeline.Agents.Tests.Workers.Crafts;

public sealed class QueryCraftTests
{
    [Fact]
    public void The_same_moment_is_kept_once_at_its_best()
    {
        var hits = new[] { Hit("a", "w/x.mp4", 0, 4), Hit("b", "w/x.mp4", 1, 3), Hit("c", "w/x.mp4", 3, 8), Hit("d", "w/y.mp4", 0, 4), Whole("e", "w/x.mp4"), Whole("f", "w/x.mp4") };

        Assert.Equal(["a", "c", "d", "e"], QueryCraft.Distinct(hits).Select(hit => hit.Text("hit_id")));
    }

    private static JsonObject Hit(string hit_id, string asset, double start_seconds, double end_seconds) => Wire.Object(new { hit_id, asset, start_seconds, end_seconds });

    private static JsonObject Whole(string hit_id, string asset) => Wire.Object(new { hit_id, asset });
}
