namespace Pipeline.Index;

/// <summary>Whose entries they are: what one source said about one version of one subject.</summary>
/// <param name="Scope">The fence no query crosses: a workspace.</param>
/// <param name="Subject">What is described: an asset's path.</param>
/// <param name="Version">The subject's version that was looked at.</param>
/// <param name="Source">Who says so, such as <c>user</c> or <c>ingest</c>.</param>
public sealed record SourceKey(string Scope, string Subject, long Version, string Source);
