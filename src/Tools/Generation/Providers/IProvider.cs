namespace Pipeline.Tools.Generation.Providers;

/// <summary>
/// Somebody who makes media: this machine's recipes, a command of the operator's, a vendor behind HTTP. What happened is data, never an
/// exception: only a cancelled token throws. A provider keeps no state of its own; everything it must know again stands in the job.
/// </summary>
public interface IProvider
{
    /// <summary>As catalogue cards name it.</summary>
    string Name { get; }

    /// <summary>
    /// Whether a call whose outcome is unknown may simply be made again: true of what costs nothing and leaves nothing behind.
    /// </summary>
    bool Repeatable { get; }

    /// <summary>Asks for the work, once. <see cref="ProviderCall.IdempotencyKey"/> is the same on every attempt of one intent.</summary>
    Task<Submission> SubmitAsync(ProviderCall call, CancellationToken cancellation);

    /// <summary>Asks how an accepted job fares.</summary>
    Task<JobReport> PollAsync(ProviderJob job, CancellationToken cancellation);

    /// <summary>Asks to stop an accepted job; the answer is recorded, the job's end is still learnt by polling.</summary>
    Task<CancelAnswer> CancelAsync(ProviderJob job, CancellationToken cancellation);

    /// <summary>Brings the result into <paramref name="file"/>; may be repeated, buys nothing.</summary>
    Task<FetchOutcome> FetchAsync(ProviderJob job, ProviderResult result, string file, CancellationToken cancellation);
}
