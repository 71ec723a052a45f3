namespace Pipeline.Agents.Connecting;

/// <summary>The server did not answer for longer than patience lasts.</summary>
public sealed class ServerUnreachable(ServerAddress address, Exception last)
    : Exception($"{address} does not answer ({last.Message}). Is the server running there?", last);
