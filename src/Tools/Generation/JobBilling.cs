namespace Pipeline.Tools.Generation;

/// <summary>What is known of a job's bill.</summary>
public static class JobBilling
{
    /// <summary>Held at its bound while the job is under way.</summary>
    public const string Reserved = "reserved";

    /// <summary>It provably cost nothing.</summary>
    public const string Unbilled = "unbilled";

    /// <summary>It stands in the ledger.</summary>
    public const string Billed = "billed";

    /// <summary>Nobody knows; it counts at its bound until someone does.</summary>
    public const string Unknown = "unknown";
}
