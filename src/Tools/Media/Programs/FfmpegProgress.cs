using System.Globalization;

namespace Pipeline.Tools.Media.Programs;

/// <summary>Reads <c>-progress</c> lines: the fraction done and the bytes written so far.</summary>
internal sealed class FfmpegProgress(double? expected_seconds, IProgress<double>? progress)
{
    /// <summary>Bytes written to outputs so far.</summary>
    public long WrittenBytes { get; private set; }

    public void Add(string line)
    {
        var equals = line.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0 || !long.TryParse(line.AsSpan(equals + 1), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value))
        {
            return;
        }

        switch (line.AsSpan(0, equals))
        {
            case "total_size":
                WrittenBytes = value;
                break;
            case "out_time_us" when expected_seconds > 0:
                progress?.Report(Math.Clamp(value / 1e6 / expected_seconds.Value, 0, 1));
                break;
        }
    }
}
