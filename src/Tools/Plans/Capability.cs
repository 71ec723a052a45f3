namespace Pipeline.Tools.Plans;

/// <summary>Something a worker can do: the tool that does it, what it takes, what it gives, what it measures.</summary>
public sealed record Capability(string Name, string Tool, string Summary, IReadOnlyList<Field> Inputs, IReadOnlyList<Field> Outputs, IReadOnlyList<Field> Metrics)
{
    /// <summary>Groups of inputs of which one must be given whole; empty when <see cref="Field.Required"/> says it all.</summary>
    public IReadOnlyList<IReadOnlyList<string>> OneOf { get; init; } = [];

    /// <summary>The usual seconds of one call and for every second of media, where no model of the catalogue does it.</summary>
    public (double FixedSeconds, double PerMediaSecond) Usual { get; init; } = (0.5, 0.05);

    public Field? Input(string name) => Inputs.FirstOrDefault(field => field.Name == name);

    public Field? Output(string name) => Outputs.FirstOrDefault(field => field.Name == name);

    /// <summary>What is missing when only the inputs for which <paramref name="isGiven"/> holds are there; null when nothing is.</summary>
    public string? Missing(Func<string, bool> isGiven)
    {
        var absent = Inputs.Where(field => field.Required && !isGiven(field.Name)).Select(field => field.Name).ToList();
        if (absent.Count > 0) return string.Join(", ", absent);
        if (OneOf.Count == 0 || OneOf.Any(group => group.All(isGiven))) return null;
        return string.Join(", or ", OneOf.Select(group => string.Join(" with ", group)));
    }
}
