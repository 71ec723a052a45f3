using System.Text.Json.Nodes;
using Pipeline.Reliability.Clients;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability;

/// <summary>The rig's own connection: sets the stage and asks the server afterwards. It waits for a server that is away.</summary>
public sealed class RigOperator(Uri server) : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(20);

    private readonly Wire _wire = new(server, "rig");
    private int _keys;

    /// <summary>Calls a tool until it is answered.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public async Task<JsonObject> AskAsync(string tool, JsonObject arguments)
    {
        var answer = await TryAsync(tool, arguments);
        return answer.IsOk ? answer.Body : throw new InvalidOperationException($"{tool} {arguments.ToJsonString()} was refused: {answer.Body.ToJsonString()}");
    }

    /// <summary>The same for a tool that changes something.</summary>
    public Task<JsonObject> ChangeAsync(string tool, JsonObject arguments)
    {
        arguments["idempotency_key"] ??= $"rig-{Interlocked.Increment(ref _keys)}";
        return AskAsync(tool, arguments);
    }

    /// <summary>Calls a tool until it is answered or refused.</summary>
    public async Task<Answer> TryAsync(string tool, JsonObject arguments)
    {
        var until = RigClock.NowNs + (long)Limit.TotalNanoseconds;
        while (true)
        {
            using var limit = new CancellationTokenSource(Attempt);
            var answer = await _wire.CallAsync(tool, arguments, null, limit.Token);
            if (!answer.MustBeSentAgain || RigClock.NowNs > until)
            {
                return answer;
            }

            // The server is being killed and started all the time.
            await Task.Delay(50);
        }
    }

    /// <summary>All pages of a list tool.</summary>
    /// <param name="list">The member with the rows.</param>
    public async Task<List<JsonObject>> AllAsync(string tool, JsonObject arguments, string list)
    {
        var rows = new List<JsonObject>();
        var page = await AskAsync(tool, arguments);
        while (true)
        {
            rows.AddRange(page[list]!.AsArray().Select(row => row!.AsObject()));
            if (page["cursor"] is not { } cursor)
            {
                return rows;
            }

            var next = (JsonObject)arguments.DeepClone();
            next["cursor"] = cursor.DeepClone();
            page = await AskAsync(tool, next);
        }
    }

    /// <summary>Every event of a workspace, in the order of their commits.</summary>
    public async Task<List<JsonObject>> EventsAsync(string workspace, params string[] kinds)
    {
        var events = new List<JsonObject>();
        for (long since = 0; ;)
        {
            var asked = new JsonObject { ["workspace"] = workspace, ["since"] = since, ["limit"] = 100 };
            if (kinds.Length > 0)
            {
                asked["kinds"] = new JsonArray([.. kinds.Select(kind => JsonValue.Create(kind))]);
            }

            var page = await AskAsync("wait_events", asked);
            var rows = page["events"]!.AsArray();
            events.AddRange(rows.Select(row => row!.AsObject()));
            since = page["cursor"]!.GetValue<long>();
            if (rows.Count < 100)
            {
                return events;
            }
        }
    }

    public ValueTask DisposeAsync() => _wire.DisposeAsync();
}
