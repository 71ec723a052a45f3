using Pipeline.Tools.Assets;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Media;
using Pipeline.Tools.Media.Probe;

namespace Pipeline.Tools.Generation;

/// <summary>How long recordings are that a model works on: what it makes of one is as long, unless it is told otherwise.</summary>
internal sealed class RecordingLength(MediaDesk desk, Prober prober)
{
    /// <summary>Seconds of the longest, measured and rounded up to a millisecond; null when there is no recording among them.</summary>
    /// <exception cref="InvalidArgumentError">One of them has no length that can be measured.</exception>
    public async Task<double?> LongestAsync(IReadOnlyList<AssetRow> references, CancellationToken cancellation)
    {
        double? longest = null;
        foreach (var row in references.Where(static row => row.MediaType.StartsWith("video/", StringComparison.Ordinal) || row.MediaType.StartsWith("audio/", StringComparison.Ordinal)))
        {
            var media = await desk.OpenAsync(row, cancellation).ConfigureAwait(false);
            using var job = desk.Job();
            var facts = await prober.ProbeAsync(media, job, cancellation).ConfigureAwait(false);
            if (facts.DurationSeconds is not > 0)
            {
                throw new InvalidArgumentError("parameters.duration_seconds", $"The price goes by the second, and how long '{row.Address}' is cannot be measured: say parameters.duration_seconds.");
            }

            longest = Math.Max(longest ?? 0, Math.Ceiling(facts.DurationSeconds.Value * 1000) / 1000);
        }

        return longest;
    }
}
