using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Pipeline.Reliability.Recording;

/// <summary>One line of a history.</summary>
public sealed record HistoryEvent
{
    /// <summary>How lines are written.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>When, on <see cref="RigClock"/>.</summary>
    public long AtNs { get; init; }

    /// <summary>Which client; <c>rig</c> for the rig's own doings.</summary>
    public string Client { get; init; } = "";

    /// <summary>Which call of that client, from 1; 0 for notes.</summary>
    public long Call { get; init; }

    /// <summary><c>invoke</c>, <c>ok</c>, <c>refused</c>, <c>lost</c> (nobody knows whether it had its effect) or <c>note</c>.</summary>
    public string Phase { get; init; } = "";

    /// <summary>The tool, or what the note is about.</summary>
    public string What { get; init; } = "";

    /// <summary>Arguments, answer, or what the note says.</summary>
    public JsonObject? Body { get; init; }

    /// <summary>The refusal's code, or the loss's reason.</summary>
    public string? Code { get; init; }
}
