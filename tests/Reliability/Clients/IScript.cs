namespace Pipeline.Reliability.Clients;

/// <summary>What a client process does, by name. List it in <see cref="Scripts"/>.</summary>
public interface IScript
{
    string Name { get; }

    /// <summary>Runs until done or cancelled (the rig asked the process to end). Chance comes from <see cref="RigClient.Random"/> alone.</summary>
    Task RunAsync(RigClient client, CancellationToken cancellation);
}
