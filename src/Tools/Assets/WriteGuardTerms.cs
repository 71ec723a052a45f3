namespace Pipeline.Tools.Assets;

/// <summary>What the committing statement compares: the head version it was prepared on and the caller's lock token.</summary>
public sealed record WriteGuardTerms(long Expected, long? LockToken, string Principal, string Agent);
