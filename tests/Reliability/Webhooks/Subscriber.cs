using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Pipeline.Reliability.Webhooks;

/// <summary>A subscription with its receiver, which is at fault three times in ten.</summary>
internal sealed class Subscriber : IAsyncDisposable
{
    private const double FaultShare = 0.3;
    private const int MostInARow = 5; // more would leave a message on its way for longer than anybody waits in the end

    private static readonly ReceiverFault[] Faults =
    [
        ReceiverFault.Error, ReceiverFault.Error, ReceiverFault.Gateway, ReceiverFault.Busy, ReceiverFault.Redirect, ReceiverFault.Redirect, ReceiverFault.Reset, ReceiverFault.Reset,
        ReceiverFault.Half, ReceiverFault.Hang,
    ];

    private readonly Lock _gate = new();
    private readonly Random _chance;
    private readonly int _goneAfter;
    private int _asked;
    private int _inARow;

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

    /// <summary>Three busy receivers, one with a public key, one that goes away.</summary>
    public static Subscriber[] Usual(int seed) =>
        [new("rig.a0", seed), new("rig.a1", seed + 1), new("rig.a2", seed + 2), new("rig.b", seed + 3), new("rig.gone", seed + 4, goneAfter: 5)];

    public static string NewSecret() => "whsec_" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Subscribes all of the usual ones.</summary>
    public static async Task SubscribeAsync(IEnumerable<Subscriber> all, RigOperator asked, string workspace)
    {
        foreach (var one in all)
        {
            await one.SubscribeAsync(asked, workspace, one.Kind == "rig.b" ? "v1a" : NewSecret());
        }
    }

    /// <summary>What is told to the usual ones, each kind as often as it should come up.</summary>
    public static JsonArray Kinds(IEnumerable<Subscriber> all) =>
        [.. all.SelectMany(one => Enumerable.Repeat(one.Kind, one.Kind.StartsWith("rig.a", StringComparison.Ordinal) ? 8 : one.Kind == "rig.b" ? 3 : 1)).Select(kind => JsonValue.Create(kind))];

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
            var isWell = _chance.NextDouble() >= FaultShare || _inARow == MostInARow;
            _inARow = isWell ? 0 : _inARow + 1;
            return ++_asked > _goneAfter ? ReceiverFault.Gone : isWell ? ReceiverFault.None : Faults[_chance.Next(Faults.Length)];
        }
    }
}
