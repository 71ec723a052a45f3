using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Locks;

/// <summary>Every call about locks in any order, one's own locks and others', with reads and writes between them.</summary>
internal sealed class LockMixScript : IScript
{
    public string Name => "lock-mix";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        var (workspace, paths, calls) = ((string)client.Settings["workspace"]!, (int)client.Settings["paths"]!, (int)client.Settings["calls"]!);
        var caller = new LockMixCaller(client, cancellation);
        for (var call = 0; ; call++)
        {
            // Fresh paths now and then keep the history of each short enough to be looked through.
            await caller.CallAsync($"{workspace}/{call / calls}", client.Random.Next(paths));
            await Task.Delay(client.Random.Next(10) == 0 ? client.Random.Next(800) : client.Random.Next(10), cancellation);
        }
    }
}
