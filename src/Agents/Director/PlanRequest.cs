namespace Pipeline.Agents.Director;

/// <summary>What a plan is asked for.</summary>
public sealed record PlanRequest
{
    public required string Workspace { get; init; }

    public required string Brief { get; init; }

    /// <summary>The footage, <c>workspace/path</c>; null for a film that is generated.</summary>
    public string? Source { get; init; }

    /// <summary>A transcript that is there already; null when speech has to be listened to.</summary>
    public string? Transcript { get; init; }

    /// <summary>Names what is made: <c>delivery/NAME.mp4</c>, <c>segments/NAME/...</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where the result is exported to, under an export root of the server; null to leave it in the workspace.</summary>
    public string? ExportPath { get; init; }

    /// <summary>The event that subscribers get at the end; null for none.</summary>
    public string? NotifyEvent { get; init; } = "delivery.ready";

    public Standards Standards { get; init; } = new();

    /// <summary>Of what is generated; a film from footage has its footage's.</summary>
    public FilmSize Size { get; init; } = new();

    /// <summary>Whether a person approves the draft before delivery work begins.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>The path of the final cut.</summary>
    public string Delivery => $"{Workspace}/delivery/{Name}.mp4";

    public string ContactSheet => $"{Workspace}/delivery/{Name}-sheet.jpg";

    /// <summary>The path of something made for one segment.</summary>
    public string Segment(string suffix) => $"{Workspace}/segments/{Name}/${{index}}{suffix}.mp4";
}

/// <summary>The size of generated takes, and by how much winners are enlarged.</summary>
public sealed record FilmSize(int Width = 640, int Height = 360, double Factor = 1.5);
