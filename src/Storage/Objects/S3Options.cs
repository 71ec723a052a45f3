namespace Pipeline.Storage.Objects;

/// <summary>Where an S3-compatible store is and who we are to it.</summary>
/// <param name="Endpoint">Such as <c>https://s3.example.org</c>; the bucket is in the path.</param>
/// <param name="Bucket">It must exist.</param>
/// <param name="AccessKey">The key's name.</param>
/// <param name="SecretKey">Never logged, never shown.</param>
public sealed record S3Options(Uri Endpoint, string Bucket, string AccessKey, string SecretKey)
{
    /// <summary>What all names in the bucket begin with; empty, or ends in a slash.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>The region that requests are signed for. Most stores beside Amazon's take any.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Where clients reach the store, when that is elsewhere than where this process does.</summary>
    public Uri? PublicEndpoint { get; init; }

    /// <summary>Whether clients may be sent to the store itself.</summary>
    public bool Presign { get; init; } = true;

    /// <summary>How much of the store is kept on this machine's disk for programs that need a file.</summary>
    /// <value>4 GiB.</value>
    public long CacheBytes { get; init; } = 4L << 30;

    /// <summary>The size of a part of a large object; one that is no larger goes in one request.</summary>
    /// <value>16 MiB; 5 MiB is the least that stores take.</value>
    public long PartBytes { get; init; } = 16L << 20;

    /// <summary>How often a failing request is tried again, each time after a longer pause.</summary>
    /// <value>4.</value>
    public int Retries { get; init; } = 4;

    /// <summary>How long one request may take until its answer begins, and a body may stand still.</summary>
    /// <value>60 seconds.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Without the keys.</summary>
    public override string ToString() => $"bucket '{Bucket}' at {Endpoint}";
}
