namespace Pipeline.Tools.Routing;

/// <summary>What speaks against a model beside <see cref="Models.Misfit"/>, whose bits come before these.</summary>
[Flags]
internal enum Objection
{
    None = 0,
    NoPrice = 1 << 16,
    Excluded = 1 << 17,
    Failed = 1 << 18,
    Tier = 1 << 19,
    TooDear = 1 << 20,
    TooSlow = 1 << 21,
    Resting = 1 << 22,
    Tried = 1 << 23,
    Unserved = 1 << 24,

    /// <summary>What passes by itself: but for these the model would be taken.</summary>
    Passing = Failed | Resting | Tried,
}
