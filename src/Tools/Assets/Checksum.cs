using Pipeline.Storage.Objects;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>A SHA-256 that a caller expects.</summary>
internal static class Checksum
{
    private const int Digits = 64;

    /// <summary>Returns it in lower case; null stays null.</summary>
    public static string? Parse(string? sha256) => sha256 is null || (sha256.Length == Digits && sha256.All(char.IsAsciiHexDigit)) ? sha256?.ToLowerInvariant()
        : throw new InvalidArgumentError("sha256", "sha256 is 64 hexadecimal digits.");

    /// <summary>Refuses bytes that are not those expected.</summary>
    public static void Require(string? expected, StoredObject stored)
    {
        if (expected is not null && expected != stored.Sha256)
        {
            throw new ChecksumMismatchError(expected, stored.Sha256);
        }
    }
}
