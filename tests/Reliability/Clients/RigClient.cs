using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Clients;

/// <summary>
/// A client in its own process: calls tools over MCP, and says what it does, before it does it, on standard output, which the rig records.
/// </summary>
public sealed class RigClient(string name, int index, int seed, Uri server, JsonObject settings) : IAsyncDisposable
{
    private readonly Lock _writing = new();
    private readonly Wire _wire = new(server, name);
    private long _calls;
    private long _keys;

    /// <summary>Unique in the rig, and its agent's name unless a call says otherwise.</summary>
    public string Name { get; } = name;

    /// <summary>From 0 among the clients of its script.</summary>
    public int Index { get; } = index;

    /// <summary>Drawn from the rig's seed and the client's name.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>What the workload told its clients.</summary>
    public JsonObject Settings { get; } = settings;

    /// <summary>How long one attempt may take before its outcome is taken to be unknown.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>A name for an intent.</summary>
    public string NewKey() => $"{Name}-{Interlocked.Increment(ref _keys)}";

    /// <summary>One attempt, recorded. Tools that change something get the client's name as agent unless <paramref name="arguments"/> name one.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">As on the wire; not changed.</param>
    /// <param name="cut">Asks the faulty host to lose this answer: <c>answer</c>, <c>half</c> or <c>kill</c>.</param>
    /// <param name="cancellation">Ends the wait; the outcome stays open.</param>
    public async Task<Answer> TryAsync(string tool, JsonObject arguments, string? cut, CancellationToken cancellation)
    {
        var call = Interlocked.Increment(ref _calls);
        Write(new() { AtNs = RigClock.NowNs, Client = Name, Call = call, Phase = "invoke", What = tool, Body = arguments });
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        var answer = await _wire.CallAsync(tool, arguments, cut is null ? null : $"{Name}/{call}:{cut}", limit.Token);
        var phase = answer.Outcome switch { Outcome.Ok => "ok", Outcome.Refused => "refused", _ => "lost" };
        Write(new() { AtNs = RigClock.NowNs, Client = Name, Call = call, Phase = phase, What = tool, Body = answer.IsOpen ? null : answer.Body, Code = answer.Code });
        return answer;
    }

    /// <summary>A call that changes something, sent again with the same key until it is answered.</summary>
    /// <param name="key">The intent; null for a new one.</param>
    public async Task<Answer> ChangeAsync(string tool, JsonObject arguments, CancellationToken cancellation, string? key = null, string? cut = null)
    {
        var named = (JsonObject)arguments.DeepClone();
        named["agent"] ??= Name;
        named["idempotency_key"] = key ?? NewKey();
        return await UntilAnsweredAsync(tool, named, cut, cancellation);
    }

    /// <summary>A call that changes nothing, sent until it is answered.</summary>
    public Task<Answer> ReadAsync(string tool, JsonObject arguments, CancellationToken cancellation) => UntilAnsweredAsync(tool, arguments, null, cancellation);

    /// <summary>Notes something for the checker.</summary>
    public void Note(string what, JsonObject body) => Write(new() { AtNs = RigClock.NowNs, Client = Name, Phase = "note", What = what, Body = body });

    public ValueTask DisposeAsync() => _wire.DisposeAsync();

    private async Task<Answer> UntilAnsweredAsync(string tool, JsonObject arguments, string? cut, CancellationToken cancellation)
    {
        for (var attempt = 0; ; attempt++)
        {
            cancellation.ThrowIfCancellationRequested();
            var answer = await TryAsync(tool, arguments, attempt == 0 ? cut : null, cancellation);
            if (!answer.MustBeSentAgain)
            {
                return answer;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20 + Random.Next(80)), cancellation);
        }
    }

    private void Write(HistoryEvent happened)
    {
        var line = JsonSerializer.Serialize(happened, HistoryEvent.Json);
        lock (_writing)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
