namespace Pipeline.McpServer.Stdio;

/// <summary>No owner could be reached or started. The message says why.</summary>
public sealed class OwnerUnavailableException(string message) : Exception(message);
