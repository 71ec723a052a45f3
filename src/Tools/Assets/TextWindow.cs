using System.Text;
using System.Text.Unicode;

namespace Pipeline.Tools.Assets;

/// <summary>
/// A byte range of UTF-8 text, cut between characters: the window holds the characters that begin inside the range. Windows that follow each
/// other therefore give the whole text, each character once, whatever their length.
/// </summary>
/// <param name="Text">The characters.</param>
/// <param name="Skipped">Bytes at the front that belong to the window before.</param>
/// <param name="SizeBytes">Bytes of <paramref name="Text"/>.</param>
public sealed record TextWindow(string Text, int Skipped, int SizeBytes)
{
    /// <summary>Bytes to read beyond a range, so that its last character is whole.</summary>
    public const int Overlap = 3;

    /// <summary>Cuts the window of <paramref name="length"/> bytes out of what was read; null when the bytes are not UTF-8.</summary>
    public static TextWindow? Cut(ReadOnlySpan<byte> read, int length)
    {
        var start = 0;
        while (start < Math.Min(Overlap, read.Length) && Continues(read[start]))
        {
            start++;
        }

        var end = Math.Min(length, read.Length);
        while (end < read.Length && Continues(read[end]))
        {
            end++;
        }

        if (end <= start)
        {
            return new("", start, 0);
        }

        var bytes = read[start..end];
        return Utf8.IsValid(bytes) && !bytes.Contains((byte)0) ? new(Encoding.UTF8.GetString(bytes), start, bytes.Length) : null;
    }

    private static bool Continues(byte one) => (one & 0xC0) == 0x80;
}
