namespace Pipeline.Reliability.Estimates;

/// <summary>One run with what was expected of it.</summary>
/// <param name="Kind">Of its plan.</param>
/// <param name="Slots">Workers that did it, as the plan was told.</param>
/// <param name="Calls">Purchases.</param>
/// <param name="CardSeconds">What create_plan expected while nothing had run yet: what the cards say.</param>
/// <param name="ExpectedSeconds">What it expected just before the run.</param>
/// <param name="Seconds">What the run took, by the server's clock.</param>
/// <param name="ExpectedMicros">Of it.</param>
/// <param name="Micros">What the ledger holds.</param>
public sealed record EstimatedRun(string Kind, int Slots, int Calls, double CardSeconds, double ExpectedSeconds, double Seconds, long ExpectedMicros, long Micros)
{
    /// <summary>How far the run was from what was expected, as a share of that.</summary>
    public double Off => (Seconds - ExpectedSeconds) / ExpectedSeconds;

    /// <summary>The same from what the cards say.</summary>
    public double CardOff => (Seconds - CardSeconds) / CardSeconds;
}
