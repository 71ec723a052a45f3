using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Serving;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Filters;

/// <summary>Holds the arguments against the tool's schema and takes out those that every tool of its kind shares.</summary>
internal sealed class ArgumentFilter(ToolShelf shelf, Connection connection)
{
    private const int MaxNameLength = 128;

    private static readonly string[] Identity = ["agent", "idempotency_key"];
    private static readonly string[] Writing = ["lock_token", "if_version", "claim"];

    public McpRequestHandler<CallToolRequestParams, CallToolResult> Wrap(McpRequestHandler<CallToolRequestParams, CallToolResult> next) => (request, cancellation) =>
    {
        var tool = shelf.Find(request.Params.Name)!;
        var about = tool.About;
        var arguments = NullArguments.Without(request.Params.Arguments, tool.Schema);
        SchemaCheck.Require(tool.Schema, arguments, about.Changes ? Identity : []);
        TypeCheck.Require(tool.Types, arguments);
        var terms = about.Writes ? new WriteTerms(Get<long?>(arguments, "lock_token"), Get<long?>(arguments, "if_version"), Get<StepClaim>(arguments, "claim")) : WriteTerms.None;
        if (terms.IfVersion < 0)
        {
            throw new InvalidArgumentError("if_version", "if_version is a version number, or 0 for 'must not exist'.");
        }

        // A tool that is about an agent means the one it names, not the caller.
        string[] shared = [.. about.Changes ? Identity.Where(name => !tool.Types.ContainsKey(name)) : [], .. about.Writes ? Writing : []];
        request.Services!.GetRequiredService<Call>().Begin(
            connection.CallerFor(request.Server.ClientInfo?.Name), shared.Contains("agent") || !about.Changes ? Name(arguments, "agent") : null, request.Params.Name, about.Changes, about.Changes ? Name(arguments, "idempotency_key") : null, BodyHash.Of(arguments), terms,
            connection.BaseUrl);
        request.Params.Arguments = arguments.Where(pair => !shared.Contains(pair.Key)).ToDictionary();
        return next(request, cancellation);
    };

    private static T? Get<T>(IDictionary<string, JsonElement> arguments, string name) =>
        arguments.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.Deserialize<T>(Wire.Json) : default;

    private static string? Name(IDictionary<string, JsonElement> arguments, string name)
    {
        var value = Get<string>(arguments, name);
        return value is null || Visible.IsName(value, MaxNameLength) ? value
            : throw new InvalidArgumentError(name, $"{name} is 1 to {MaxNameLength} characters, not all blank, without control, format or bidirectional characters.");
    }
}
