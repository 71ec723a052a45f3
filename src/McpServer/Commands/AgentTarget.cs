using Pipeline.Agents.Connecting;
using Pipeline.McpServer.Commands.Calling;
using Pipeline.McpServer.Stdio;

namespace Pipeline.McpServer.Commands;

/// <summary>Where an agent's server is: over HTTP, or the owner of a data folder by way of a relay of this program.</summary>
internal static class AgentTarget
{
    /// <summary>The address behind what the options say.</summary>
    public static ServerAddress Of(Target target)
    {
        if (target.Server is { } server)
        {
            return ServerAddress.Http(server, target.Key);
        }

        var program = OwnerStart.OwnProgram();
        var environment = string.IsNullOrEmpty(target.Agent) ? null : new Dictionary<string, string?> { ["PIPELINE_AGENT"] = target.Agent };
        return ServerAddress.Stdio(program[0], [.. program[1..], "stdio", "--data", target.DataFolder], environment);
    }
}
