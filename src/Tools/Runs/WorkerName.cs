namespace Pipeline.Tools.Runs;

/// <summary>Who works on a step: an agent inside its principal. Kept as one text, in which a line break parts the two (names hold none).</summary>
public sealed record WorkerName(string Principal, string Agent)
{
    public static WorkerName Read(string text) => text.Split('\n', 2) is [var principal, var agent] ? new(principal, agent) : new(text, text);

    public override string ToString() => $"{Principal}\n{Agent}";
}
