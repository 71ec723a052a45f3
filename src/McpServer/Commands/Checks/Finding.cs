namespace Pipeline.McpServer.Commands.Checks;

/// <summary>How a check came out.</summary>
internal enum Standing
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Works, but something is less than it could be.</summary>
    Note,

    /// <summary>Needed and not there.</summary>
    Missing,
}

/// <summary>What one check found.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Standing">How it came out.</param>
/// <param name="Value">What is there.</param>
/// <param name="Advice">What to do about it; null when there is nothing to do.</param>
internal sealed record Finding(string Name, Standing Standing, string Value, string? Advice = null);
