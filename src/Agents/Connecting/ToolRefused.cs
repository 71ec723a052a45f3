using System.Text.Json.Nodes;

namespace Pipeline.Agents.Connecting;

/// <summary>The server refused a call: a stable code, what was wrong and what would be right, and the facts.</summary>
public sealed class ToolRefused(string tool, string code, string message, JsonObject? facts = null, double? retryAfterSeconds = null, string? next = null)
    : Exception(message)
{
    public string Tool { get; } = tool;

    public string Code { get; } = code;

    public JsonObject? Facts { get; } = facts;

    public double? RetryAfterSeconds { get; } = retryAfterSeconds;

    /// <summary>The call that would help.</summary>
    public string? Next { get; } = next;

    /// <summary>Reads the body of an error result; one that is not in the house's form becomes <c>tool_failed</c> with its text.</summary>
    public static ToolRefused From(string tool, JsonObject? body, string text) => body?["code"] is null
        ? new ToolRefused(tool, "tool_failed", text.Length > 0 ? text : $"{tool} failed without a reason.")
        : new ToolRefused(tool, body.Text("code")!, body.Text("message") ?? text, body["facts"] as JsonObject, body.Number("retry_after_seconds"), body.Text("next"));
}
