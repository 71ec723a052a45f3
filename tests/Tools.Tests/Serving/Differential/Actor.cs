using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Tests.Serving.Differential;

/// <summary>A house on one back end, its callers, and what they remember of the answers.</summary>
internal sealed class Actor : IAsyncDisposable
{
    private readonly House _house;
    private readonly HandClock _clock;
    private readonly List<McpClient> _clients = [];
    private Labels _labels = new();

    private Actor(House house, HandClock clock) => (_house, _clock) = (house, clock);

    public List<string> Locks { get; } = [];

    public List<long> Tokens { get; } = [];

    public List<string> Runs { get; } = [];

    public List<(string Run, string Step, long Generation)> Claims { get; } = [];

    public List<string> Subscriptions { get; } = [];

    public List<string> Deliveries { get; } = [];

    public long Cursor { get; set; }

    public static async Task<Actor> OpenAsync(bool onServices)
    {
        var clock = new HandClock();
        var actor = new Actor(await House.OpenAsync(services => services.AddSingleton<TimeProvider>(clock).AddSingleton<Ids>(new CountedIds()), onServices: onServices), clock);
        foreach (var (name, role) in new[] { ("ada", Role.Member), ("bob", Role.Member), ("root", Role.Admin) })
        {
            actor._clients.Add(await actor._house.ConnectAsync(name, role));
        }

        return actor;
    }

    /// <summary>Forgets what was remembered: another sequence begins.</summary>
    public void Begin()
    {
        Locks.Clear();
        Tokens.Clear();
        Runs.Clear();
        Claims.Clear();
        Subscriptions.Clear();
        Deliveries.Clear();
        (Cursor, _labels) = (0, new());
    }

    public void Advance(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    /// <summary>Calls as one of the callers; gives the raw answer, and what it says in a form that can be compared.</summary>
    public async Task<(JsonElement Answer, bool Ok, string Text)> CallAsync(int caller, string tool, object arguments)
    {
        var result = await _clients[caller % _clients.Count].RawAsync(tool, arguments);
        var answer = result.StructuredContent ?? default;
        var ok = result.IsError is not true;
        return (answer, ok, $"{(ok ? "ok" : "refused")} {(answer.ValueKind == JsonValueKind.Undefined ? "" : _labels.Of(answer))}");
    }

    public ValueTask DisposeAsync() => _house.DisposeAsync();
}
