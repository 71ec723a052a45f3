namespace Pipeline.Index;

internal sealed record ScopeRow
{
    public long ScopeId { get; init; }
    public long Revision { get; init; }
}
