namespace Pipeline.Tools.Plans;

/// <summary>A plan as stored. It never changes, so that every run of it does what was proven.</summary>
public sealed record PlanRow
{
    public string PlanId { get; init; } = "";
    public string Workspace { get; init; } = "";
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public string? Name { get; init; }

    /// <summary>Canonical JSON: members sorted, no blanks.</summary>
    public string Document { get; init; } = "";

    /// <summary>Of the document's UTF-8 bytes, hexadecimal.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>An <see cref="Plans.Estimate"/> as JSON.</summary>
    public string Estimate { get; init; } = "{}";
    public long CreatedAtMs { get; init; }
}
