namespace Pipeline.Tools.Routing;

/// <summary>What settled a decision.</summary>
public enum Cause
{
    /// <summary>The score.</summary>
    Score,

    /// <summary>The plan's own order, or a rule's.</summary>
    Plan,

    /// <summary>The split of the traffic.</summary>
    Traffic,
}
