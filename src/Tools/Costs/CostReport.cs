namespace Pipeline.Tools.Costs;

/// <summary>A ledger added up: accepted and wasted make up every charge.</summary>
/// <param name="CostMicros">Every charge, in millionths of a dollar.</param>
/// <param name="AcceptedMicros">Of it, for results that were accepted.</param>
/// <param name="WasteMicros">Of it, for results that were not.</param>
/// <param name="SavedMicros">Less than the dearest fit model would have cost, over the charges where that is known.</param>
/// <param name="SourceBytes">Size of the sources that parts were taken from.</param>
/// <param name="BytesRead">Of them, really read.</param>
/// <param name="SavedBytes">Of them, not moved.</param>
/// <param name="AcceptedSeconds">Of media that ended runs delivered.</param>
/// <param name="CostPerSecondMicros">Every charge for each of them; absent while there are none.</param>
/// <param name="CostPerRequestMicros">Every charge for each request that was charged.</param>
/// <param name="Totals">The same by group.</param>
/// <param name="Waste">Every wasted charge with its reason.</param>
public sealed record CostReport(
    long CostMicros, long AcceptedMicros, long WasteMicros, long SavedMicros, long SourceBytes, long BytesRead, long SavedBytes,
    double AcceptedSeconds, long? CostPerSecondMicros, long? CostPerRequestMicros,
    IReadOnlyList<CostTotal> Totals, IReadOnlyList<WastedCharge> Waste)
{
    internal static CostReport From(IReadOnlyList<Charge> charges, MovementTotals moved, double seconds, Func<Charge, string?> key) => new(
        charges.Sum(charge => charge.CostMicros), charges.Where(Accepted).Sum(charge => charge.CostMicros), charges.Where(Wasted).Sum(charge => charge.CostMicros),
        charges.Where(Accepted).Sum(charge => charge.PremiumMicros - charge.CostMicros ?? 0), moved.SourceBytes, moved.BytesRead, moved.SavedBytes,
        seconds, seconds > 0 ? (long)Math.Round(charges.Sum(charge => charge.CostMicros) / seconds) : null, PerRequest(charges),
        [.. charges.GroupBy(charge => key(charge) ?? "-").Select(group => new CostTotal(group.Key, Lines(group), group.Sum(charge => charge.CostMicros), group.Where(Wasted).Sum(charge => charge.CostMicros)))],
        [.. charges.Where(Wasted).Select(charge => new WastedCharge(charge.StepId, charge.Model, charge.Request, charge.CostMicros, charge.Waste!))]);

    private static long? PerRequest(IReadOnlyList<Charge> charges)
    {
        var requests = charges.Where(charge => charge.Request is not null).ToLookup(charge => charge.Request, StringComparer.Ordinal);
        return requests.Count == 0 ? null : (long)Math.Round(requests.Sum(request => request.Sum(charge => charge.CostMicros)) / (double)requests.Count);
    }

    // A result that was rejected later was taken back by one line and written off by another.
    private static int Lines(IEnumerable<Charge> charges) => charges.Sum(charge => charge.CostMicros < 0 ? -1 : 1);

    private static bool Accepted(Charge charge) => charge.Waste is null;

    private static bool Wasted(Charge charge) => charge.Waste is not null;
}

/// <summary>The charges of one group.</summary>
public sealed record CostTotal(string Key, int Charges, long CostMicros, long WasteMicros);

/// <summary>Money spent on a result that was not accepted.</summary>
public sealed record WastedCharge(string? StepId, string? Model, string? Request, long CostMicros, string Reason);
