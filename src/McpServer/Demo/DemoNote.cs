using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Demo;

/// <summary>What a demo must know to be taken up again after it was killed; it is kept as <c>OUT/demo.json</c>, for its owner only.</summary>
public sealed record DemoNote
{
    private const string FileName = "demo.json";

    /// <summary>Names what the demo wants, so that asking again has no second effect.</summary>
    public required string Production { get; init; }

    public required string Workspace { get; init; }

    public required string Brief { get; init; }

    /// <summary>Whether the film is generated: there is no footage then.</summary>
    public bool IsGenerated { get; init; }

    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>The footage and its transcript, as absolute paths.</summary>
    public required string Input { get; init; }
    public string? Transcript { get; init; }

    /// <summary>Whether the demo makes the footage itself.</summary>
    public bool IsSample { get; init; }

    public required string Data { get; init; }
    public Uri? Server { get; init; }

    public required ProcessMark Demo { get; init; }
    public IReadOnlyList<ProcessMark> Children { get; init; } = [];

    /// <summary>Where the receiver listens; 0 while it never did.</summary>
    public int ReceiverPort { get; init; }
    public string? SubscriptionId { get; init; }
    public string? Secret { get; init; }

    /// <summary>True from when a director was started: it may have begun to plan.</summary>
    public bool IsDirected { get; init; }
    public string? RunId { get; init; }

    /// <summary>The last webhook whose signature held.</summary>
    public WebhookSeen? Webhook { get; init; }

    public bool IsFinished { get; init; }

    public static DemoNote? Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        return File.Exists(file) ? Wire.Read<DemoNote>(File.ReadAllText(file)) : null;
    }

    /// <summary>Replaces the note at once and whole.</summary>
    public void Write(string folder)
    {
        var file = Path.Combine(folder, FileName);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var text = new StreamWriter(file + ".new", options))
        {
            text.Write(Wire.Write(this));
        }

        File.Move(file + ".new", file, overwrite: true);
    }
}
