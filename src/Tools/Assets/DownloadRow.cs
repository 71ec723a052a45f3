namespace Pipeline.Tools.Assets;

/// <summary>A download under way as stored: what is needed to go on with it after a restart. The address itself is not kept, it may hold a secret.</summary>
public sealed record DownloadRow
{
    /// <summary>Hash of principal, target and address: the same import asked for again finds it.</summary>
    public string DownloadId { get; init; } = "";
    public string Principal { get; init; } = "";
    public string Agent { get; init; } = "";
    public string Workspace { get; init; } = "";
    public string Path { get; init; } = "";

    /// <summary>The host that the caller named.</summary>
    public string Host { get; init; } = "";

    /// <summary>The strong entity tag of what is fetched; null when there is none.</summary>
    public string? Etag { get; init; }

    /// <summary>When it was last modified, as unix seconds, where that is exact enough to know it by; null when not.</summary>
    public long? ModifiedSeconds { get; init; }

    /// <summary>How large it will be; null when the server does not say.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>How many of its bytes are surely on disk, whatever happened to the machine.</summary>
    public long FlushedBytes { get; init; }

    /// <summary>The run of the machine in which the rest was written: while it lasts, what a killed process wrote is there too.</summary>
    public string Boot { get; init; } = "";

    /// <summary>The object that the whole became; null while it is not whole.</summary>
    public string? Sha256 { get; init; }
    public long ChangedAtMs { get; init; }
    public long ExpiresAtMs { get; init; }
}
