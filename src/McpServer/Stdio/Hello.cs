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
    public int Protocol { get; init; } = CurrentProtocol;

    /// <summary>The relay's build; an owner older than that gives way.</summary>
    public long Build { get; init; }

    /// <summary>The agent's configured name; null lets the client's own name decide.</summary>
    public string? Agent { get; init; }

    /// <summary>Tells this relay's client from another of the same name; kept over reconnects.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>Toolsets to list; null for the default.</summary>
    public IReadOnlyList<string>? Toolsets { get; init; }

    /// <summary>Single tools to list beside them.</summary>
    public IReadOnlyList<string>? Tools { get; init; }

    /// <summary>Tools to leave out.</summary>
    public IReadOnlyList<string> ExcludeTools { get; init; } = [];

    /// <summary>Whether everything that writes is refused.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>Folders this client may import from.</summary>
    public IReadOnlyList<string> ImportRoots { get; init; } = [];

    /// <summary>Folders this client may export to.</summary>
    public IReadOnlyList<string> ExportRoots { get; init; } = [];

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
    public bool Ok { get; init; }

    /// <summary>The owner's build.</summary>
    public long Build { get; init; }

    /// <summary>The owner's process.</summary>
    public int OwnerPid { get; init; }

    /// <summary>Why not: <c>draining</c> (ask again soon), <c>protocol_mismatch</c>, <c>invalid_hello</c> or <c>forbidden</c>.</summary>
    public string? Code { get; init; }

    /// <summary>The same for people.</summary>
    public string? Message { get; init; }
}

/// <summary>How greetings are written: one line of JSON each.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Hello))]
[JsonSerializable(typeof(HelloAnswer))]
internal sealed partial class GreetingJson : JsonSerializerContext;
