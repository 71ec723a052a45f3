namespace Pipeline.Reliability;

/// <summary>A long run.</summary>
public sealed record ChaosOptions
{
    /// <summary>How many seeds each workload runs with: <see cref="FirstSeed"/> and those after it.</summary>
    public int Seeds { get; init; } = 1;

    public int FirstSeed { get; init; } = 1;

    /// <summary>No further run begins after so long; 0 for no limit.</summary>
    public double Minutes { get; init; }

    /// <summary>Names of workloads; all when empty.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>How much, for every workload that runs; null for each one's own long count.</summary>
    public int? Count { get; init; }

    /// <summary>How much, by workload; goes before <see cref="Count"/>.</summary>
    public IReadOnlyDictionary<string, int> Counts { get; init; } = new Dictionary<string, int>();

    /// <summary>Guards to leave out, to see a checker go red; null for none.</summary>
    public string? LeaveOut { get; init; }

    /// <summary>Where a folder for each run goes.</summary>
    public required string Out { get; init; }
}
