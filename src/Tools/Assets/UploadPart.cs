using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>Which part of an upload a request says it brings.</summary>
/// <param name="FromBytes">Where it begins; null for where the part before ended.</param>
/// <param name="LengthBytes">How long it is; null when it does not say.</param>
/// <param name="TotalBytes">How large the whole is; null when it does not say.</param>
public sealed record UploadPart(long? FromBytes, long? LengthBytes = null, long? TotalBytes = null)
{
    /// <summary>Refuses a part that is of another whole than was announced.</summary>
    public void Require(long sizeBytes)
    {
        if (TotalBytes is { } total && total != sizeBytes)
        {
            throw new InvalidArgumentError("Content-Range", $"Content-Range says that the whole is {total} bytes; {sizeBytes} were announced. Nothing was taken.");
        }

        if (FromBytes + LengthBytes > sizeBytes)
        {
            throw new InvalidArgumentError("Content-Range", $"Content-Range goes beyond the {sizeBytes} bytes that were announced. Nothing was taken.");
        }
    }
}
