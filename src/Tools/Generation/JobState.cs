namespace Pipeline.Tools.Generation;

/// <summary>Where a job stands, as stored and as on the wire.</summary>
public static class JobState
{
    /// <summary>To be sent, at once or after a rest.</summary>
    public const string Planned = "planned";

    /// <summary>Committed before the call; whoever finds it without its sender does not know whether the vendor got it.</summary>
    public const string Submitting = "submitting";

    /// <summary>The vendor has it and named it: from here on it is only asked after.</summary>
    public const string Accepted = "accepted";

    /// <summary>The vendor was, or is to be, asked to stop; the end is still learnt from it.</summary>
    public const string Cancelling = "cancelling";

    /// <summary>Made and paid for; its bytes are being brought.</summary>
    public const string Fetching = "fetching";

    /// <summary>Perhaps billed, perhaps not: listed for a human, never sent again by itself.</summary>
    public const string Ambiguous = "ambiguous";

    /// <summary>Its result is the output's version.</summary>
    public const string Done = "done";

    /// <summary>Its result came and was paid for, but could not become the output's version; it is kept beside.</summary>
    public const string Orphaned = "orphaned";

    public const string Failed = "failed";

    public const string Cancelled = "cancelled";

    /// <summary>The vendor no longer has it, or its result.</summary>
    public const string Lost = "lost";

    /// <summary>All states, in the order of a life.</summary>
    public static readonly IReadOnlyList<string> All = [Planned, Submitting, Accepted, Cancelling, Fetching, Ambiguous, Done, Orphaned, Failed, Cancelled, Lost];

    /// <summary>Whether nothing follows by itself any more.</summary>
    public static bool IsOver(string state) => state is Done or Orphaned or Failed or Cancelled or Lost;
}
