using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Tests.Connecting;

public sealed class WireTests
{
    [Fact]
    public void Arguments_are_snake_case_without_nulls() =>
        Assert.Equal("""{"run_id":"r","start_seconds":1.5}""", Wire.Object(new { RunId = "r", StartSeconds = 1.5, Note = (string?)null }).ToJsonString());

    [Fact]
    public void Numbers_read_the_same_whatever_backs_them()
    {
        var parsed = (JsonObject)JsonNode.Parse("""{"a":3,"b":2.5,"c":"3","d":null}""")!;
        var made = new JsonObject { ["a"] = 3, ["b"] = 2.5f };

        Assert.Equal([3, 2.5, null, null, null], new[] { parsed.Number("a"), parsed.Number("b"), parsed.Number("c"), parsed.Number("d"), parsed.Number("e") });
        Assert.Equal([3, 2.5], new[] { made.Number("a"), made.Number("b") });
    }

    [Fact]
    public void An_error_body_becomes_a_refusal_with_its_facts()
    {
        var refusal = ToolRefused.From("acquire_lock", (JsonObject)JsonNode.Parse("""{"code":"lock_held","message":"held","facts":{"holder":"ada"},"retry_after_seconds":4.5,"next":"wait"}""")!, "");

        Assert.Equal(("lock_held", "held", "ada", 4.5, "wait"), (refusal.Code, refusal.Message, refusal.Facts!.Text("holder"), refusal.RetryAfterSeconds, refusal.Next));
        Assert.Equal("tool_failed", ToolRefused.From("x", null, "broken").Code);
    }
}
