using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Pipeline.Tools.Tests.Serving;

/// <summary>Calls as a test wants to write them: arguments as an anonymous object, the structured result back.</summary>
public static class ClientCalls
{
    /// <summary>Calls and expects success.</summary>
    public static async Task<JsonElement> CallAsync(this McpClient client, string tool, object arguments)
    {
        var result = await client.RawAsync(tool, arguments);
        Assert.False(result.IsError ?? false, result.StructuredContent?.ToString() ?? Text(result));
        await ResultShape.CheckAsync(client, tool, result.StructuredContent!.Value);
        return result.StructuredContent!.Value;
    }

    /// <summary>Calls and expects a refusal with <paramref name="code"/>; returns the whole error.</summary>
    public static async Task<JsonElement> RefusedAsync(this McpClient client, string tool, object arguments, string code)
    {
        var result = await client.RawAsync(tool, arguments);
        Assert.True(result.IsError, $"{tool} should have been refused with {code}: {Text(result)}");
        var error = result.StructuredContent!.Value;
        Assert.Equal(code, error.GetProperty("code").GetString());
        return error;
    }

    /// <summary>Calls and returns whatever came.</summary>
    public static async Task<CallToolResult> RawAsync(this McpClient client, string tool, object arguments)
    {
        var json = JsonSerializer.SerializeToElement(arguments);
        return await client.CallToolAsync(new CallToolRequestParams
        {
            Name = tool,
            Arguments = json.EnumerateObject().ToDictionary(property => property.Name, property => property.Value),
        });
    }

    private static string Text(CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));
}
