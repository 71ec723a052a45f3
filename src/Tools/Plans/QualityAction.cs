namespace Pipeline.Tools.Plans;

/// <summary>What happens to a result below the bar.</summary>
public enum QualityAction
{
    Retry,
    Fail,

    /// <summary>It is handed to a repair step, whose result takes its place.</summary>
    RouteTo,
}
