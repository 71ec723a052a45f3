namespace Pipeline.Index;

/// <summary>A PostgreSQL database as the index sees it.</summary>
/// <param name="Place">host:port/database.</param>
/// <param name="Server">The server's version.</param>
/// <param name="Vector">The extension's version; null when it is not created yet.</param>
/// <param name="Problem">What must be done before it can be used; null when nothing.</param>
public sealed record PostgresFound(string Place, string Server, string? Vector, string? Problem);
