namespace Pipeline.Index;

/// <summary>PostgreSQL lacks the vector extension that the index needs; the message says what its operator runs.</summary>
public sealed class VectorExtensionException(string message, Version? installed) : Exception(message)
{
    /// <summary>The version in the database; null when it is not created there.</summary>
    public Version? Installed { get; } = installed;
}
