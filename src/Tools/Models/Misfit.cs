namespace Pipeline.Tools.Models;

/// <summary>What a model cannot take of a demand.</summary>
[Flags]
public enum Misfit
{
    None = 0,
    Capability = 1,
    Retired = 1 << 1,
    NeedsInput = 1 << 2,
    TakesNoInput = 1 << 3,
    Duration = 1 << 4,
    Size = 1 << 5,
    Aspect = 1 << 6,
    References = 1 << 7,
    Prompt = 1 << 8,
    Sound = 1 << 9,
}
