using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools;

/// <summary>Makes the SDK's tool from a tool class, and adds the arguments that every tool of its kind takes.</summary>
public static class ToolFactory
{
    private const string WriteArguments =
        """
        {
          "lock_token": {"type": "integer", "description": "Token of your lock on the path."},
          "if_version": {"type": "integer", "description": "Only over this version; 0: must not exist."},
          "claim": {"type": "object", "description": "Your claimed step: run_id, step_id, generation.", "additionalProperties": false,
            "properties": {"run_id": {"type": "string"}, "step_id": {"type": "string"}, "generation": {"type": "integer"}},
            "required": ["run_id", "step_id", "generation"]}
        }
        """;

    private const string IdentityArguments =
        """
        {
          "agent": {"type": "string", "description": "Your name within your principal."},
          "idempotency_key": {"type": "string", "description": "Names the intent; the same on every retry."}
        }
        """;

    /// <summary>Makes the tool; an instance of its class is made for each call from that call's services.</summary>
    public static ShelvedTool Make(ToolEntry entry)
    {
        var make = ActivatorUtilities.CreateFactory(entry.Type, []);
        var method = entry.Type.GetMethod("RunAsync", BindingFlags.Public | BindingFlags.Instance)!;
        var tool = McpServerTool.Create(method, request => make(request.Services!, null), new() { SerializerOptions = Wire.Json });
        var whole = Extend(tool.ProtocolTool.InputSchema, entry.About);
        tool.ProtocolTool.InputSchema = ShortSchema.OfInput(whole);
        tool.ProtocolTool.OutputSchema = tool.ProtocolTool.OutputSchema is { } output ? ShortSchema.OfOutput(output) : null;
        var types = method.GetParameters().ToDictionary(parameter => parameter.Name!, parameter => parameter.ParameterType);
        return new(tool, entry.About, JsonSerializer.SerializeToElement(whole), types);
    }

    private static JsonObject Extend(JsonElement schema, ToolAttribute about)
    {
        var extended = JsonNode.Parse(schema.GetRawText())!.AsObject();
        var properties = extended["properties"]?.DeepClone().AsObject() ?? [];
        foreach (var more in new[] { about.Writes ? WriteArguments : null, about.ShowsIdentity ? IdentityArguments : null }.OfType<string>())
        {
            foreach (var (name, argument) in JsonNode.Parse(more)!.AsObject())
            {
                properties.TryAdd(name, argument!.DeepClone());
            }
        }

        extended["properties"] = properties;
        extended["additionalProperties"] = false;
        return extended;
    }
}
