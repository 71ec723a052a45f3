namespace Pipeline.Agents.Connecting;

/// <summary>Where a server is: a URL that speaks Streamable HTTP, or a command that speaks over its standard streams.</summary>
public sealed record ServerAddress
{
    private ServerAddress()
    {
    }

    /// <summary>The MCP endpoint, such as <c>http://127.0.0.1:8787/mcp</c>; null for a command.</summary>
    public Uri? Url { get; private init; }

    /// <summary>Sent as a bearer token; never logged.</summary>
    public string? Key { get; private init; }

    /// <summary>The program to start; null for a URL.</summary>
    public string? Command { get; private init; }

    public IReadOnlyList<string> Arguments { get; private init; } = [];

    /// <summary>Added to the environment of the command.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; private init; } = new Dictionary<string, string?>();

    /// <summary>A server over HTTP. A URL without a path gets <c>/mcp</c>.</summary>
    public static ServerAddress Http(Uri url, string? key = null) =>
        new() { Url = url.AbsolutePath.Length > 1 ? url : new Uri(url, "/mcp"), Key = string.IsNullOrEmpty(key) ? null : key };

    /// <summary>A server that is started as a child process.</summary>
    public static ServerAddress Stdio(string command, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null) =>
        new() { Command = command, Arguments = arguments, Environment = environment ?? new Dictionary<string, string?>() };

    public override string ToString() => Url?.ToString() ?? Command!;
}
