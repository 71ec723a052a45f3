namespace Pipeline.McpServer.Commands;

/// <summary>The command line asks for something that is not there. The message says what would be right; the exit code is 2.</summary>
public sealed class WrongUsageException(string message) : Exception(message);
