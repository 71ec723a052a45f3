namespace Pipeline.Faults;

/// <summary>How much of a test that could go on for ever is run: a short part in the suite, all of it with PIPELINE_LONG=1.</summary>
public static class LongForm
{
    /// <summary>Whether the long form was asked for.</summary>
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("PIPELINE_LONG") is "1" or "true";

    /// <summary>The number for this run.</summary>
    public static int Of(int brief, int whole) => IsOn ? whole : brief;
}
