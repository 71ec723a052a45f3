using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>
/// How many samples a movie may have, over all its tracks: some thirty hours of picture and sound, and no more than the file can
/// hold: a sample and its place in the tables take four bytes or more. A few bytes of header can claim any number, so it is asked before memory is taken.
/// </summary>
internal sealed class SampleBudget(long file_bytes)
{
    private const long MaxSamples = 8_000_000;
    private const long Spare = 1 << 16; // Samples of no bytes are odd, and allowed in moderation.

    private readonly long _most = Math.Min(MaxSamples, (file_bytes / 4) + Spare);
    private long _taken;

    /// <exception cref="LimitExceededError">There are more than the file can hold.</exception>
    public void Take(long count)
    {
        _taken += count;
        if (_taken > _most)
        {
            throw new LimitExceededError("samples", _most, _taken);
        }
    }
}
