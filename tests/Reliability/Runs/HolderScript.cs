using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Runs;

/// <summary>Claims one step and holds it until it is killed.</summary>
internal sealed class HolderScript : IScript
{
    public string Name => "holder";

    public async Task RunAsync(RigClient client, CancellationToken cancellation)
    {
        var settings = client.Settings;
        var claim = Stage.Claim(settings.Text("workspace"), settings["lease_seconds"]!.GetValue<double>(), waitSeconds: 10);
        while (Stage.Claimed((await client.ChangeAsync("claim_step", claim, cancellation)).Body) is null)
        {
            // Another's lease is still to run out, or its own ran out before it heard that it had one.
        }

        await Task.Delay(Timeout.Infinite, cancellation);
    }
}
