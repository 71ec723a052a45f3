namespace Pipeline.Tools.Calls;

/// <summary>The conditions under which a caller wants to write.</summary>
/// <param name="LockToken">Fencing token of the lock it holds on the path.</param>
/// <param name="IfVersion">The version that must be current; 0 for none.</param>
/// <param name="Claim">The claimed step it acts for.</param>
public sealed record WriteTerms(long? LockToken, long? IfVersion, StepClaim? Claim)
{
    public static readonly WriteTerms None = new(null, null, null);
}
