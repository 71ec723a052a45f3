namespace Pipeline.Tools.Runs;

/// <summary>Why a step waits or was skipped.</summary>
public static class Reasons
{
    /// <summary>Waiting: resting until its not_before.</summary>
    public const string Backoff = "backoff";

    /// <summary>Waiting: a fan-out whose items are not all settled.</summary>
    public const string Items = "items";

    /// <summary>Waiting: its result fell short and a repair step is at it.</summary>
    public const string Repair = "repair";

    /// <summary>Waiting: for a human's approval of the version in its outputs, or, without outputs, of what it may cost.</summary>
    public const string Approval = "approval";

    /// <summary>Succeeded: a fan-out over an empty list.</summary>
    public const string NoItems = "no_items";

    /// <summary>Skipped: its condition was not met. Those who need it go on.</summary>
    public const string Condition = "condition";

    /// <summary>Skipped: what it takes would have come from a skipped step. Those who need it go on.</summary>
    public const string NeedsSkipped = "needs_skipped";

    /// <summary>Skipped: a repair step that no result was routed to. Those who need it go on.</summary>
    public const string NotNeeded = "not_needed";

    /// <summary>Skipped by control_run. Those who need it go on.</summary>
    public const string ByRequest = "by_request";

    /// <summary>Blocked, and to be skipped as soon as it would be released.</summary>
    public const string SkipRequested = "skip_requested";

    /// <summary>Skipped: something it needs failed. Those who need it are skipped too.</summary>
    public const string NeedFailed = "need_failed";
}
