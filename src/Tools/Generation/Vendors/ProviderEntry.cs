using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>One provider of the operator's file: a vendor behind HTTP, or a command of this machine.</summary>
public sealed record ProviderEntry
{
    /// <summary>As cards of the catalogue name it; also the end of its webhooks' address.</summary>
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public string? Note { get; init; }

    /// <summary>A command of this machine, read by whoever runs commands; then nothing of the rest is set.</summary>
    public JsonElement? Command { get; init; }

    /// <summary>The name of a shipped dialect.</summary>
    public string? Dialect { get; init; }

    /// <summary>What is different from the dialect: a JSON merge patch (RFC 7396).</summary>
    public JsonObject? Overrides { get; init; }

    /// <summary>Such as <c>https://api.example.com</c>. An address that the operator writes here counts as listed by the operator, also a private one.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>Further hosts (<c>host[:port]</c>) at which the vendor's handles may be followed with its key.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Further hosts from which results may be fetched though they are private. The key never goes there.</summary>
    public IReadOnlyList<string> ResultHosts { get; init; } = [];

    /// <summary>The environment variable with the key.</summary>
    public string? KeyEnv { get; init; }

    /// <summary>Headers beside the dialect's; <c>{key}</c> and <c>{env.NAME}</c> stand for values of the server's environment.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>What the vendor calls a model, by the card's id; without an entry it is called by that id.</summary>
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();

    /// <summary>The environment variable with the secret of its webhooks.</summary>
    public string? HookSecretEnv { get; init; }

    /// <summary>Goes before the dialect's own.</summary>
    public double? TimeoutSeconds { get; init; }

    /// <summary>The largest result that is fetched.</summary>
    public long MaxResultBytes { get; init; } = 8L << 30;
}
