namespace Pipeline.Tools.Contract;

/// <summary>Work that goes on beside the calls for as long as the server runs: sweeps, deliveries.</summary>
public interface IBackgroundWork
{
    /// <summary>Runs until it is cancelled, and then ends with <see cref="OperationCanceledException"/>.</summary>
    Task RunAsync(CancellationToken cancellation);
}
