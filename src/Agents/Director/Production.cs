namespace Pipeline.Agents.Director;

/// <summary>
/// What a director must remember to go on after it was killed. It is kept on the server, as <c>plans/ID.json</c>; the state of the
/// run itself is the server's own.
/// </summary>
public sealed record Production
{
    public required string ProductionId { get; init; }

    public required string Brief { get; init; }

    /// <summary>Null for a film that is generated.</summary>
    public string? Source { get; init; }

    /// <summary>What was asked about models, for a film that is generated.</summary>
    public GenerationWishes? Generation { get; init; }

    public string? Transcript { get; init; }

    public required string Title { get; init; }

    public string? ExportPath { get; init; }

    public string? NotifyEvent { get; init; }

    public long? BudgetMicros { get; init; }

    /// <summary>Who wrote the plan: <c>rules</c>, or the model's name.</summary>
    public string? Planner { get; init; }

    public string? PlanId { get; init; }

    public string? RunId { get; init; }

    /// <summary>Set once it is over.</summary>
    public Verdict? Verdict { get; init; }

    /// <summary>The key of one intent: the same after a restart.</summary>
    public string Intent(string purpose) => $"{ProductionId}/{purpose}";

    public PlanRequest Request(string workspace, Standards standards) => new()
    {
        Workspace = workspace,
        Brief = Brief,
        Source = Source,
        Transcript = Transcript,
        Name = Title,
        ExportPath = ExportPath,
        NotifyEvent = NotifyEvent,
        Standards = standards,
        Size = Generation?.Size ?? new FilmSize(),
        NeedsApproval = Generation?.NeedsApproval is true,
    };

    public static Production New(DirectorOptions options) => new()
    {
        ProductionId = Connecting.Intent.Name("production"),
        Brief = options.Brief ?? throw new ArgumentException("A brief is needed to begin.", nameof(options)),
        Source = options.Source ?? (options.Generation is null ? throw new ArgumentException("The footage to work on is needed to begin, or leave to generate it.", nameof(options)) : null),
        Generation = options.Generation,
        Transcript = options.Transcript,
        Title = options.Title,
        ExportPath = options.ExportPath,
        NotifyEvent = options.NotifyEvent,
        BudgetMicros = options.BudgetMicros,
    };
}
