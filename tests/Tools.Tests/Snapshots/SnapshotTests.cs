using System.Text.Encodings.Web;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Pipeline.McpServer.Serving;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Snapshots;

/// <summary>What clients see of each tool, kept as files: a change of the contract is a change that someone read.</summary>
public sealed class SnapshotTests
{
    private const int MaxModelBytes = 24 * 1024;
    private const int MaxListBytes = 64 * 1024;

    // The server's instructions tell of these once.
    private static readonly string[] Shared =
        ["lock_token", "if_version", "claim", "agent", "idempotency_key", "workspace", "asset", "run_id", "step_id", "generation", "limit", "cursor"];

    private static readonly JsonSerializerOptions Readable = new(McpJsonUtilities.DefaultOptions)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public async Task Every_tool_looks_as_its_snapshot_says()
    {
        await using var house = await House.OpenAsync();
        var tools = house.Get<ToolShelf>().All;

        foreach (var tool in tools)
        {
            Repository.Matches($"tests/Tools.Tests/Snapshots/{tool.Name}.json", JsonSerializer.Serialize(tool.Tool.ProtocolTool, Readable) + "\n");
        }

        var files = Directory.GetFiles(Path.Combine(Repository.Root, "tests/Tools.Tests/Snapshots"), "*.json").Select(Path.GetFileNameWithoutExtension);
        Assert.Empty(files.Except(tools.Select(tool => tool.Name)));
    }

    [Fact]
    public async Task The_reference_lists_every_tool()
    {
        await using var house = await House.OpenAsync();

        Repository.Matches("docs/tools.md", ToolReference.Write(house.Get<ToolShelf>()));
    }

    [Fact]
    public async Task The_default_list_leaves_room_in_a_models_mind()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();

        var tools = (await client.ListToolsAsync()).Select(tool => tool.ProtocolTool).ToList();
        var read = tools.Sum(tool => JsonSerializer.SerializeToUtf8Bytes(new { tool.Name, tool.Description, tool.InputSchema }, McpJsonUtilities.DefaultOptions).Length);
        var listed = JsonSerializer.SerializeToUtf8Bytes(new ListToolsResult { Tools = tools }, McpJsonUtilities.DefaultOptions).Length;

        Assert.True(read <= MaxModelBytes, $"Names, descriptions and input schemas take {read} bytes; {MaxModelBytes} are allowed.");
        Assert.True(listed <= MaxListBytes, $"The whole list takes {listed} bytes; {MaxListBytes} are allowed.");
    }

    [Fact]
    public async Task Every_tool_states_its_hints_and_describes_its_arguments()
    {
        await using var house = await House.OpenAsync();

        foreach (var (tool, whole) in house.Get<ToolShelf>().All.Select(tool => (tool.Tool.ProtocolTool, tool.Schema)))
        {
            Assert.NotNull(tool.Annotations?.ReadOnlyHint);
            Assert.NotNull(tool.Annotations?.DestructiveHint);
            Assert.NotNull(tool.Annotations?.IdempotentHint);
            Assert.NotNull(tool.Annotations?.OpenWorldHint);
            Assert.NotNull(tool.Title);
            Assert.False(string.IsNullOrWhiteSpace(tool.Description), $"{tool.Name} has no description.");
            Assert.NotNull(tool.OutputSchema);
            AllObjects(tool.OutputSchema.Value, tool.Name);
            Assert.False(tool.OutputSchema.Value.TryGetProperty("required", out _), $"A client would hold a refusal of {tool.Name} against what its result requires.");
            Assert.All(whole.GetProperty("properties").EnumerateObject().Where(argument => !Shared.Contains(argument.Name)),
                argument => Assert.True(argument.Value.TryGetProperty("description", out _), $"{tool.Name}.{argument.Name} has no description."));
        }
    }

    // Protocol versions before 2026-07-28 know no schema that is just true.
    private static void AllObjects(JsonElement schema, string at)
    {
        foreach (var member in schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().ToList() : [])
        {
            Assert.True(member.Value.ValueKind == JsonValueKind.Object, $"{at}.{member.Name} has no object for a schema.");
            AllObjects(member.Value, $"{at}.{member.Name}");
        }

        if (schema.TryGetProperty("items", out var items))
        {
            Assert.True(items.ValueKind == JsonValueKind.Object, $"{at}[] has no object for a schema.");
            AllObjects(items, at + "[]");
        }
    }
}
