namespace Pipeline.Tools.Costs;

/// <summary>What became of a reservation.</summary>
public static class ReservationState
{
    /// <summary>The call goes on: its bound is held.</summary>
    public const string Open = "open";

    /// <summary>It cost what it cost.</summary>
    public const string Settled = "settled";

    /// <summary>Nobody knows yet what it cost: its bound counts as spent.</summary>
    public const string Assumed = "assumed";

    /// <summary>It provably cost nothing.</summary>
    public const string Released = "released";
}
