namespace Pipeline.Tools.Generation.Providers;

/// <summary>A provider that tells by webhook how a job went.</summary>
public interface IHookReader
{
    /// <summary>Verifies and reads one request to <c>/hooks/{provider}</c>. The body is data and is believed only when it is signed.</summary>
    HookNotice Read(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, DateTimeOffset now);
}

/// <summary>What a webhook said.</summary>
/// <param name="Verified">Whether its signature, its time and its form hold; when not, nothing else is read.</param>
/// <param name="Problem">Why not.</param>
/// <param name="DeliveryId">The same on every repetition.</param>
/// <param name="VendorJobId">Which job it is about.</param>
/// <param name="Report">How it stands; null when the job should be polled to learn it.</param>
public sealed record HookNotice(bool Verified, string? Problem, string? DeliveryId, string? VendorJobId, JobReport? Report);
