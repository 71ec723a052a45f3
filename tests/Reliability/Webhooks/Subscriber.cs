using System.Text.Json.Nodes;

namespace Pipeline.Reliability.Webhooks;

/// <summary>A subscription with its receiver, which is at fault three times in ten.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private const double FaultShare = 0.3;

    private static readonly ReceiverFault[] Faults =
    [
        ReceiverFault.Error, ReceiverFault.Error, ReceiverFault.Gateway, ReceiverFault.Busy, ReceiverFault.Redirect, ReceiverFault.Redirect, ReceiverFault.Reset, ReceiverFault.Reset,
        ReceiverFault.Half, ReceiverFault.Hang,
    ];

    private readonly Lock _gate = new();
    private readonly Random _chance;
    private readonly int _goneAfter;
    private int _asked;

    /// <summary>Starts the receiver.</summary>
    /// <param name="kind">The events that it wants.</param>
    /// <param name="seed">Decides its faults.</param>
    /// <param name="goneAfter">After so many requests it answers 410 for ever.</param>
    public Subscriber(string kind, int seed, int goneAfter = int.MaxValue)
    {
        (Kind, _chance, _goneAfter) = (kind, new Random(seed), goneAfter);
        Receiver = new(Choose);
    }

    public string Kind { get; }

    public FaultyReceiver Receiver { get; }

    public string Id { get; private set; } = "";

    /// <summary>What its messages may be verified with, the newest last.</summary>
    public List<string> Keys { get; } = [];

    /// <summary>Subscribes, or renews the subscription with another key.</summary>
    public async Task SubscribeAsync(RigOperator asked, string workspace, string secret)
    {
        var wanted = new JsonObject
        {
            ["workspace"] = workspace, ["url"] = $"http://{Receiver.Host}/hook", ["events"] = new JsonArray(Kind, NotifyScript.Undone), ["secret"] = secret,
        };
        if (Id.Length > 0)
        {
            wanted["subscription_id"] = Id;
        }

        var made = await asked.ChangeAsync("subscribe_webhook", wanted);
        Id = made["subscription_id"]!.GetValue<string>();
        Keys.Add(((string?)made["public_key"] ?? (secret.StartsWith("whsec_", StringComparison.Ordinal) ? secret : null))!);
    }

    public ValueTask DisposeAsync() => Receiver.DisposeAsync();

    private ReceiverFault Choose()
    {
        lock (_gate)
        {
            return ++_asked > _goneAfter ? ReceiverFault.Gone : _chance.NextDouble() >= FaultShare ? ReceiverFault.None : Faults[_chance.Next(Faults.Length)];
        }
    }
}
