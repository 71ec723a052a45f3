namespace Pipeline.Storage.Objects;

/// <summary>What a store was seen to do beyond putting, getting, ranges and removing.</summary>
/// <param name="Multipart">Large objects in parts.</param>
/// <param name="Presigned">Signed addresses.</param>
/// <param name="SignedSizes">A body of another size than was signed is refused.</param>
/// <param name="Checksums">A body of another hash than was named is refused.</param>
public sealed record S3Abilities(bool Multipart, bool Presigned, bool SignedSizes, bool Checksums)
{
    /// <summary>What it does not do, in words.</summary>
    public IReadOnlyList<string> Lacks =>
        [
            .. Multipart ? Array.Empty<string>() : ["multipart uploads (an object is at most 5 GiB)"],
            .. Presigned ? Array.Empty<string>() : ["signed addresses (clients send and fetch through this server)"],
            .. SignedSizes || !Presigned ? Array.Empty<string>() : ["a hold on the size of signed uploads (it is checked when they have arrived)"],
            .. Checksums ? Array.Empty<string>() : ["a check of the checksums it is sent (hashes are checked by this server)"],
        ];

    /// <summary>One line for people.</summary>
    public override string ToString() => Lacks.Count == 0 ? "ranges, parts, signed addresses and checksums work" : $"it lacks {string.Join(", ", Lacks)}";
}
