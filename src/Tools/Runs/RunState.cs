namespace Pipeline.Tools.Runs;

/// <summary>Where a run stands.</summary>
public enum RunState
{
    Running,
    Paused,
    Succeeded,
    Failed,
    Cancelled,
}
