using System.Buffers;
using System.Text;

namespace Pipeline.Tools.Media.Programs;

/// <summary>Lines of a program that is not trusted: whatever it prints, no more than one short line is ever held.</summary>
public static class BoundedLines
{
    /// <summary>What a line has beyond this many characters is dropped.</summary>
    public const int MaxChars = 1 << 14;

    private const int ReadBytes = 1 << 14;

    /// <summary>Hands out each line of a stream to its end.</summary>
    public static async Task ReadAsync(Stream stream, Action<string> sink, CancellationToken cancellation)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(ReadBytes);
        var chars = ArrayPool<char>.Shared.Rent(Encoding.UTF8.GetMaxCharCount(ReadBytes));
        var decoder = Encoding.UTF8.GetDecoder();
        var line = new StringBuilder();
        try
        {
            while (await stream.ReadAsync(bytes.AsMemory(0, ReadBytes), cancellation).ConfigureAwait(false) is var read and > 0)
            {
                Take(chars.AsSpan(0, decoder.GetChars(bytes.AsSpan(0, read), chars, flush: false)), line, sink);
            }

            if (line.Length > 0)
            {
                sink(line.ToString());
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private static void Take(ReadOnlySpan<char> text, StringBuilder line, Action<string> sink)
    {
        for (var end = text.IndexOf('\n'); end >= 0; end = text.IndexOf('\n'))
        {
            Append(line, text[..end]);
            sink(line.Length > 0 && line[^1] == '\r' ? line.ToString(0, line.Length - 1) : line.ToString());
            line.Clear();
            text = text[(end + 1)..];
        }

        Append(line, text);
    }

    private static void Append(StringBuilder line, ReadOnlySpan<char> text) => line.Append(text[..Math.Min(text.Length, MaxChars - line.Length)]);
}
