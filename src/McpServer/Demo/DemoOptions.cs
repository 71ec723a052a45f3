namespace Pipeline.McpServer.Demo;

/// <summary>What the demo is asked for.</summary>
public sealed record DemoOptions
{
    /// <value>Worker processes: 3.</value>
    public const int UsualWorkers = 3;

    /// <summary>The footage; null: the demo makes its own.</summary>
    public string? Input { get; init; }

    /// <summary>What is said in it: WebVTT, SRT or Whisper JSON.</summary>
    public string? Transcript { get; init; }

    public string? Brief { get; init; }

    /// <summary>Make the film from its script alone, with generating models, instead of from footage.</summary>
    public bool Generate { get; init; }

    /// <summary>Models to prefer for that; none: only those that run on the server itself.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    public int Workers { get; init; } = UsualWorkers;

    /// <summary>Absolute path of the folder for what is made.</summary>
    public required string Out { get; init; }

    /// <summary>Absolute path of the data folder of the demo's own server.</summary>
    public required string Data { get; init; }

    /// <summary>A server that runs already; null: the demo starts one.</summary>
    public Uri? Server { get; init; }

    /// <summary>The API key for it.</summary>
    public string? Key { get; init; }

    /// <summary>Go on with what was left in <see cref="Out"/>.</summary>
    public bool Resume { get; init; }

    /// <summary>Standard output is for one JSON document; everything else goes to standard error.</summary>
    public bool Json { get; init; }
}
