namespace Pipeline.Tools.Contract;

/// <summary>Work that goes on beside the calls, from the server's start until it stops.</summary>
public interface IBackgroundWork
{
    /// <summary>Runs until cancelled, and returns once it has let go of what it held.</summary>
    Task RunAsync(CancellationToken cancellation);
}
