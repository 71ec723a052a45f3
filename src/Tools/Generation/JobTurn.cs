namespace Pipeline.Tools.Generation;

/// <summary>What follows from an event: the job as it is now, and what is to be done with the money and told, in the same transaction.</summary>
/// <param name="Job">To be stored.</param>
/// <param name="Money">What becomes of the reservation.</param>
/// <param name="Waste">With <see cref="JobMoney.Charge"/>: why nothing came of the money; null when something did.</param>
/// <param name="Outcome">What the model's health learns; null when nothing.</param>
/// <param name="RetryAfterSeconds">What the provider asked to wait.</param>
public sealed record JobTurn(JobRow Job, JobMoney Money = JobMoney.Leave, string? Waste = null, Routing.OutcomeKind? Outcome = null, double? RetryAfterSeconds = null);

/// <summary>What becomes of a job's reservation.</summary>
public enum JobMoney
{
    /// <summary>It stays as it is.</summary>
    Leave,

    /// <summary>It provably cost nothing.</summary>
    Release,

    /// <summary>It may have been billed: it counts at the bound until someone knows.</summary>
    Assume,

    /// <summary>It was billed: <see cref="JobRow.CostMicros"/> goes into the ledger.</summary>
    Charge,
}
