using System.Text.Json.Serialization;
using Pipeline.McpServer.Auth;
using Pipeline.McpServer.Connections;
using Role = Pipeline.Tools.Calls.Role;

namespace Pipeline.McpServer.Stdio;

/// <summary>The first line a relay sends to the owner: who it is and what it asks to be limited to.</summary>
public sealed record Hello
{
    /// <summary>The only version of this greeting there is.</summary>
    public const int CurrentProtocol = 1;

    /// <summary>Version of the greeting, not of MCP.</summary>
    public int Protocol { get; set; } = CurrentProtocol;

    /// <summary>The relay's build; an owner older than that gives way.</summary>
    public long Build { get; set; }

    /// <summary>The agent's configured name; null lets the client's own name decide.</summary>
    public string? Agent { get; set; }

    /// <summary>Tells this relay's client from another of the same name; kept over reconnects.</summary>
    public string Suffix { get; set; } = "";

    /// <summary>Toolsets to list; null for the default.</summary>
    public IReadOnlyList<string>? Toolsets { get; set; }

    /// <summary>Single tools to list beside them.</summary>
    public IReadOnlyList<string>? Tools { get; set; }

    /// <summary>Tools to leave out.</summary>
    public IReadOnlyList<string> ExcludeTools { get; set; } = [];

    /// <summary>Whether everything that writes is refused.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>Folders this client may import from.</summary>
    public IReadOnlyList<string> ImportRoots { get; set; } = [];

    /// <summary>Folders this client may export to.</summary>
    public IReadOnlyList<string> ExportRoots { get; set; } = [];

    /// <summary>What the client at the far end of the socket is to this house: the peer's uid is ours, so it is the operator's own.</summary>
    internal Connection ToConnection(ConnectionLimits allowed) => new()
    {
        Caller = new Identity { Principal = Agent, Suffix = Suffix, Role = Role.Admin, Egress = true },
        Limits = allowed.NarrowedBy(new ConnectionLimits
        {
            Toolsets = Toolsets,
            Tools = Tools,
            ExcludeTools = ExcludeTools,
            ReadOnly = ReadOnly,
            ImportRoots = ImportRoots,
            ExportRoots = ExportRoots,
        }),
    };
}

/// <summary>The owner's answer: either <c>ok</c>, or a code and a message that say why not.</summary>
public sealed record HelloAnswer
{
    /// <summary>Whether MCP follows.</summary>
    public bool Ok { get; set; }

    /// <summary>The owner's build.</summary>
    public long Build { get; set; }

    /// <summary>The owner's process.</summary>
    public int OwnerPid { get; set; }

    /// <summary>Why not: <c>draining</c> (ask again soon), <c>protocol_mismatch</c>, <c>invalid_hello</c> or <c>forbidden</c>.</summary>
    public string? Code { get; set; }

    /// <summary>The same for people.</summary>
    public string? Message { get; set; }
}

/// <summary>How greetings are written: one line of JSON each. Their properties have setters because generated readers forget the defaults of init ones.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Hello))]
[JsonSerializable(typeof(HelloAnswer))]
internal sealed partial class GreetingJson : JsonSerializerContext;
