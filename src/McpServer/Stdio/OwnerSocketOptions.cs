using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Stdio;

/// <summary>How the owner's socket is set.</summary>
public sealed record OwnerSocketOptions
{
    /// <summary>What any client may use at most; a greeting can only ask for less.</summary>
    public ConnectionLimits Limits { get; init; } = new();

    /// <summary>The owner's build stamp.</summary>
    public long Build { get; init; }

    /// <summary>Whether a relay of a newer build replaces this owner. Not the one a person started.</summary>
    public bool GivesWay { get; init; }

    /// <summary>How long a client may take to greet.</summary>
    /// <value>10 seconds</value>
    public TimeSpan GreetingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
