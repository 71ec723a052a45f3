namespace Pipeline.Reliability.Serving;

/// <summary>A network for each of several servers, or none where the system does not let us make them.</summary>
public sealed class OwnNetworks : IAsyncDisposable
{
    private readonly List<OwnNetwork> _made = [];

    private OwnNetworks()
    {
    }

    /// <summary>All, or none.</summary>
    public IReadOnlyList<OwnNetwork> All => _made;

    /// <summary>Why there are none; null when there are.</summary>
    public string? Missing { get; private set; }

    /// <summary>Makes so many.</summary>
    public static async Task<OwnNetworks> TryMakeAsync(int count)
    {
        var networks = new OwnNetworks();
        try
        {
            for (var number = 0; number < count; number++)
            {
                networks._made.Add(await OwnNetwork.MakeAsync(number));
            }
        }
        catch (InvalidOperationException cannot)
        {
            networks.Missing = cannot.Message;
            await networks.DisposeAsync();
        }

        return networks;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var network in _made)
        {
            await network.DisposeAsync();
        }

        _made.Clear();
    }
}
