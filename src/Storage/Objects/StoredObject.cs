namespace Pipeline.Storage.Objects;

/// <summary>An object's name (lower-case hexadecimal SHA-256) and size.</summary>
public sealed record StoredObject(string Sha256, long SizeBytes);
