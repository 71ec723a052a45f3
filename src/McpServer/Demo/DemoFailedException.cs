namespace Pipeline.McpServer.Demo;

/// <summary>The demo cannot go on; the message says why and what would help.</summary>
public sealed class DemoFailedException(string message) : Exception(message);
