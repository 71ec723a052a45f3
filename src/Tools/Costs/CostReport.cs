namespace Pipeline.Tools.Costs;

/// <summary>A ledger added up: accepted and wasted make up every charge.</summary>
/// <param name="CostMicros">Every charge, in millionths of a dollar.</param>
/// <param name="AcceptedMicros">Of it, for results that were accepted.</param>
/// <param name="WasteMicros">Of it, for results that were not.</param>
/// <param name="SavedMicros">Less than the dearest fit model would have cost, over the charges where that is known.</param>
/// <param name="SourceBytes">Size of the sources that parts were taken from.</param>
/// <param name="BytesRead">Of them, really read.</param>
/// <param name="SavedBytes">Of them, not moved.</param>
/// <param name="Totals">The same by group.</param>
/// <param name="Waste">Every wasted charge with its reason.</param>
public sealed record CostReport(
    long CostMicros, long AcceptedMicros, long WasteMicros, long SavedMicros, long SourceBytes, long BytesRead, long SavedBytes,
    IReadOnlyList<CostTotal> Totals, IReadOnlyList<WastedCharge> Waste)
{
    internal static CostReport From(IReadOnlyList<Charge> charges, MovementTotals moved, Func<Charge, string?> key) => new(
        charges.Sum(charge => charge.CostMicros), charges.Where(Accepted).Sum(charge => charge.CostMicros), charges.Where(Wasted).Sum(charge => charge.CostMicros),
        charges.Where(Accepted).Sum(charge => charge.PremiumMicros - charge.CostMicros ?? 0), moved.SourceBytes, moved.BytesRead, moved.SavedBytes,
        [.. charges.GroupBy(charge => key(charge) ?? "-").Select(group => new CostTotal(group.Key, group.Count(), group.Sum(charge => charge.CostMicros), group.Where(Wasted).Sum(charge => charge.CostMicros)))],
        [.. charges.Where(Wasted).Select(charge => new WastedCharge(charge.StepId, charge.Model, charge.Request, charge.CostMicros, charge.Waste!))]);

    private static bool Accepted(Charge charge) => charge.Waste is null;

    private static bool Wasted(Charge charge) => charge.Waste is not null;
}

/// <summary>The charges of one group.</summary>
public sealed record CostTotal(string Key, int Charges, long CostMicros, long WasteMicros);

/// <summary>Money spent on a result that was not accepted.</summary>
public sealed record WastedCharge(string? StepId, string? Model, string? Request, long CostMicros, string Reason);
