using System.Text.Json.Nodes;

namespace Pipeline.Bench.Doors;

/// <summary>A way into a server that is being measured.</summary>
internal interface IDoor : IAsyncDisposable
{
    /// <summary>Processor time that the server has used so far; that of a client in another process is not in it.</summary>
    TimeSpan ServerCpu { get; }

    /// <summary>Calls a tool and gives its structured content.</summary>
    /// <exception cref="InvalidOperationException">The tool refused; the message holds what it said.</exception>
    Task<JsonObject> CallAsync(string tool, JsonObject arguments);
}
