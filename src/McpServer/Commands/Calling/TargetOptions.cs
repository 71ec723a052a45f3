using System.CommandLine;

namespace Pipeline.McpServer.Commands.Calling;

/// <summary>Which server a call goes to: one over HTTP, or the owner of a data folder.</summary>
internal sealed class TargetOptions
{
    private readonly Option<string> _server = new("--server") { HelpName = "URL", Description = "A server over HTTP, such as http://127.0.0.1:8787; else the data folder's own" };
    private readonly Option<string> _key = new("--key") { HelpName = "KEY", Description = "Its API key (better in PIPELINE_KEY, where other users cannot see it)" };
    private readonly Option<string> _data = DataOption.Create();

    public void AddTo(Command command)
    {
        command.Options.Add(_server);
        command.Options.Add(_key);
        command.Options.Add(_data);
    }

    public Target Read(ParseResult parsed, string? agent)
    {
        Uri? server = null;
        if (parsed.GetValue(_server) is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out server) && server.Scheme is "http" or "https"))
        {
            throw new WrongUsageException($"--server is an address such as http://127.0.0.1:8787, not '{address}'.");
        }

        return new(
            server is null || server.AbsolutePath != "/" ? server : new Uri(server, "/mcp"),
            parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable("PIPELINE_KEY"),
            Path.GetFullPath(parsed.GetValue(_data)!),
            agent ?? Environment.GetEnvironmentVariable("PIPELINE_AGENT"));
    }
}

/// <summary>A server to call.</summary>
/// <param name="Server">Its MCP address; null for the owner of the data folder.</param>
/// <param name="Key">Its API key.</param>
/// <param name="DataFolder">Absolute path of the data folder.</param>
/// <param name="Agent">Who calls.</param>
internal sealed record Target(Uri? Server, string? Key, string DataFolder, string? Agent);
