using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Runs;

/// <summary>Claims one step and holds it until it is killed.</summary>
internal sealed class HolderScript : IScript
{
    public string Name => "holder";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        var settings = client.Settings;
        await client.ChangeAsync("claim_step", Stage.Claim(settings.Text("workspace"), settings["lease_seconds"]!.GetValue<double>(), waitSeconds: 10), cancellation);
        await Task.Delay(Timeout.Infinite, cancellation);
    }
}
