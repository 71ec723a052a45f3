using System.Text.Json.Nodes;
using Pipeline.Agents.Workers;
using Pipeline.Agents.Workers.Crafts;

namespace Pipeline.Agents.Tests.Workers.Crafts;

public sealed class RecipeOptionsTests
{
    [Theory]
    [InlineData("denoise", """{"strength":0}""", """{"strength":0.5}""")]
    [InlineData("denoise", """{"strength":1}""", """{"strength":20}""")]
    [InlineData("denoise", "{}", "{}")]
    [InlineData("sharpen", """{"strength":7}""", """{"amount":5}""")]
    [InlineData("stabilise", """{"strength":0.5}""", """{"smoothing":30}""")]
    [InlineData("proxy", """{"height":360}""", """{"max_edge_pixels":640}""")]
    [InlineData("upscale", """{"height":1080}""", """{"factor":3}""")]
    [InlineData("upscale", """{"factor":2,"height":1080}""", """{"factor":2}""")]
    [InlineData("smooth", """{"frames_per_second":1}""", """{"fps":24}""")]
    [InlineData("grade", """{"look":"mono","strength":0.5}""", """{"contrast":1.05,"saturation":0.5,"gamma":1}""")]
    [InlineData("loudness", """{"target_lufs":-5}""", """{"target_lufs":-8}""")]
    [InlineData("title", """{"text":"Coast","position":"top"}""", """{"text":"Coast","position":"top"}""")]
    public void Inputs_become_the_recipes_own_numbers(string capability, string inputs, string options) =>
        Assert.Equal(options, RecipeOptions.For(capability, (JsonObject)JsonNode.Parse(inputs)!, 360).ToJsonString());

    [Fact]
    public void An_unknown_look_is_refused() =>
        Assert.Equal("invalid_argument", Assert.Throws<CraftFailed>(() => RecipeOptions.For("grade", new JsonObject { ["look"] = "noir" }, null)).Code);
}
