using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Index.Text;

namespace Pipeline.Tools.Media.Programs;

/// <summary>Reads ffmpeg's messages: keeps the last errors without paths, and adds up the bytes it says it read and wrote.</summary>
internal sealed partial class FfmpegLog(string folder, IEnumerable<string> inputs, Action<string>? onLine)
{
    private const int KeptLines = 12;
    private const int KeptChars = 300;

    private readonly Queue<string> _errors = new();
    private readonly string[] _paths = [.. inputs, folder];
    private readonly Lock _gate = new();

    public long? BytesRead { get; private set; }

    public long? BytesWritten { get; private set; }

    /// <summary>The end of what went wrong, on one line.</summary>
    public string Tail
    {
        get
        {
            lock (_gate)
            {
                return _errors.Count == 0 ? "it gave no reason" : string.Join("; ", _errors);
            }
        }
    }

    public void Add(string line)
    {
        if (Statistics().Match(line) is { Success: true } statistics && long.TryParse(statistics.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
        {
            if (statistics.Groups[2].ValueSpan is "read")
            {
                BytesRead = (BytesRead ?? 0) + bytes;
            }
            else
            {
                BytesWritten = (BytesWritten ?? 0) + bytes;
            }

            return;
        }

        onLine?.Invoke(line);
        if (line.Contains("[error]", StringComparison.Ordinal) || line.Contains("[fatal]", StringComparison.Ordinal) || line.Contains("[panic]", StringComparison.Ordinal) || Wrapper().IsMatch(line))
        {
            Keep(line);
        }
    }

    private void Keep(string line)
    {
        foreach (var path in _paths)
        {
            line = line.Replace("file:" + path, Path.GetFileName(path), StringComparison.Ordinal).Replace(path, Path.GetFileName(path), StringComparison.Ordinal);
        }

        line = PlainText.Of(Noise().Replace(line, ""));
        if (line.Length == 0)
        {
            return;
        }

        lock (_gate)
        {
            _errors.Enqueue(line.Length > KeptChars ? line[..KeptChars] : line);
            while (_errors.Count > KeptLines)
            {
                _errors.Dequeue();
            }
        }
    }

    [GeneratedRegex(@"^\[AVIOContext @ 0x[0-9a-f]+\] \[verbose\] Statistics: (\d{1,18}) bytes (read|written)")]
    private static partial Regex Statistics();

    [GeneratedRegex("^(bwrap|prlimit|setsid): ")]
    private static partial Regex Wrapper();

    [GeneratedRegex(@" @ 0x[0-9a-f]+|\[(error|fatal|panic)\] ?|(?<=\s|'|^)(file:)?/[^\s']*/")]
    private static partial Regex Noise();
}
