using System.Text.Json;
using Pipeline.McpServer.Commands;
using Pipeline.McpServer.Commands.Calling;

namespace Pipeline.McpServer.Tests.Commands;

public sealed class ToolArgumentsTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(
        """
        {"type": "object", "properties": {
          "name": {"type": "string"}, "limit": {"type": "integer"}, "share": {"type": ["number", "null"]}, "dry_run": {"type": "boolean"},
          "tags": {"type": "array", "items": {"type": "string"}}, "at_seconds": {"type": "array", "items": {"type": "number"}},
          "region": {"anyOf": [{"$ref": "#/$defs/region"}, {"type": "null"}]}, "cues": {"type": "array", "items": {"type": "object"}}
        }, "$defs": {"region": {"type": "object"}}}
        """).RootElement;

    [Theory]
    [InlineData("--name 5", """{"name":"5"}""")]
    [InlineData("--name=a=b", """{"name":"a=b"}""")]
    [InlineData("--limit 5 --share -0.5", """{"limit":5,"share":-0.5}""")]
    [InlineData("--dry-run --limit 1", """{"dry_run":true,"limit":1}""")]
    [InlineData("--dry_run false", """{"dry_run":false}""")]
    [InlineData("--tags a,b --tags c", """{"tags":["a","b","c"]}""")]
    [InlineData("""--at_seconds [1,2.5] --at_seconds 3""", """{"at_seconds":[1,2.5,3]}""")]
    [InlineData("""--region {"x":1,"y":2}""", """{"region":{"x":1,"y":2}}""")]
    [InlineData("""--cues {"a":1,"b":2}""", """{"cues":[{"a":1,"b":2}]}""")]
    [InlineData("""{"name":"n","limit":1} --limit 2""", """{"name":"n","limit":2}""")]
    [InlineData("--unheard 7", """{"unheard":7}""")]
    [InlineData("", "{}")]
    public void Words_become_what_the_schema_says(string line, string json) => Assert.Equal(json, Read(line).ToJsonString());

    [Theory]
    [InlineData("--limit five")]
    [InlineData("--limit 1.5")]
    [InlineData("--region 5")]
    [InlineData("--name")]
    [InlineData("--at_seconds 1,x")]
    [InlineData("--name a b")]
    [InlineData("[1]")]
    [InlineData("{")]
    public void Words_that_cannot_be_meant_are_wrong_usage(string line) => Assert.Throws<WrongUsageException>(() => Read(line));

    [Fact]
    public void A_dash_reads_standard_input() => Assert.Equal("""{"name":"n"}""", ToolArguments.Read(["-"], Schema, new StringReader("""{"name":"n"}""")).ToJsonString());

    private static System.Text.Json.Nodes.JsonObject Read(string line) =>
        ToolArguments.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), Schema, TextReader.Null);
}
