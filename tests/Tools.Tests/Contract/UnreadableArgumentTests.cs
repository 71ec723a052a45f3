using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Auth;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Serving;
using Pipeline.Tools.Tests.Serving;
using Role = Pipeline.Tools.Calls.Role;

namespace Pipeline.Tools.Tests.Contract;

public sealed class UnreadableArgumentTests
{
    [Theory]
    [InlineData("list_assets", """{"workspace": "film", "limit": 2147483648}""", "limit")]
    [InlineData("read_asset", """{"asset": "film/a.txt", "length": -9223372036854775808}""", "length")]
    [InlineData("extract_frames", """{"asset": "film/a.mp4", "at_seconds": [0], "region": {"x": 0, "y": 0, "width": 2147483648, "height": 2}}""", "region.width")]
    [InlineData("put_asset", """{"asset": "film/a.txt", "text": "x", "metadata": {"take": {"n": 1, "n": 2}}}""", "metadata")]
    public async Task What_cannot_be_read_is_refused_by_name(string tool, string arguments, string argument)
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });

        var parameters = new CallToolRequestParams { Name = tool, Arguments = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(arguments) };
        var result = await client.CallToolAsync(parameters);

        Assert.True(result.IsError);
        var error = result.StructuredContent!.Value;
        Assert.Equal("invalid_argument", error.GetProperty("code").GetString());
        Assert.StartsWith(argument, error.GetProperty("facts").GetProperty("argument").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"name": "list_assets", "arguments": {"workspace": "\ud800"}}""")]
    [InlineData("""{"name": "list_assets", "arguments": {"\udfff": 1}}""")]
    [InlineData("""{"name": "list_assets", "arguments": ["film"]}""")]
    [InlineData("""{"name": "list_assets", "arguments": "film"}""")]
    public async Task Parameters_that_cannot_be_read_are_the_callers_mistake(string parameters)
    {
        await using var house = await House.OpenAsync();
        var connection = new Connection { Caller = new Identity { Principal = "raw", Role = Role.Admin }, Limits = new ConnectionLimits() };
        Pipe up = new(), down = new();
        await using var server = ModelContextProtocol.Server.McpServer.Create(
            new StreamServerTransport(up.Reader.AsStream(), down.Writer.AsStream()), house.Get<ServerOptionsFactory>().Make(connection), NullLoggerFactory.Instance, null);
        _ = server.RunAsync(TestContext.Current.CancellationToken);
        using var answers = new StreamReader(down.Reader.AsStream());
        await SayAsync(up, """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""");
        await answers.ReadLineAsync(TestContext.Current.CancellationToken);

        await SayAsync(up, $$"""{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{{parameters}}}""");

        using var answer = JsonDocument.Parse((await answers.ReadLineAsync(TestContext.Current.CancellationToken))!);
        Assert.Equal(2, answer.RootElement.GetProperty("id").GetInt32());
        var error = answer.RootElement.GetProperty("error");
        Assert.Equal(-32602, error.GetProperty("code").GetInt32());
        Assert.StartsWith("The parameters", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    private static async Task SayAsync(Pipe pipe, string message) => await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(message + "\n"));
}
