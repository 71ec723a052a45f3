using System.Buffers;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Pipeline.McpServer.Stdio;

/// <summary>
/// What a relay remembers of its client's conversation: which requests await an answer, and what a new owner must be told so that the client
/// does not notice the change.
/// </summary>
public sealed class Conversation
{
    /// <summary>Ids of the relay's own requests start so; their answers are not the client's.</summary>
    private const string OwnId = "relay/";

    /// <summary>Requests that only ask: sent again to a new owner instead of failing.</summary>
    private static readonly HashSet<string> Repeatable = new(StringComparer.Ordinal)
    {
        "initialize", "server/discover", "ping", "tools/list", "prompts/list", "resources/list", "resources/templates/list",
    };

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Request> _inFlight = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _replay = new(StringComparer.Ordinal);
    private byte[]? _initialize;
    private byte[]? _initialized;
    private bool _shookHands;
    private object? _link;
    private int _ownIds;
    private TaskCompletionSource? _none;

    /// <summary>Whether the client spoke the handshake of the older era.</summary>
    public bool IsLegacy { get; private set; }

    /// <summary>From now on requests go over this link.</summary>
    public void Begin(object link)
    {
        lock (_gate)
        {
            _link = link;
        }
    }

    /// <summary>Notes a line of the client before it is sent; false when that link is lost and the line must wait for another.</summary>
    public bool TryNote(Envelope envelope, in ReadOnlySequence<byte> line, object link)
    {
        lock (_gate)
        {
            if (_link != link)
            {
                return false;
            }

            Remember(envelope, line);
            if (envelope.IsRequest)
            {
                var again = Repeatable.Contains(envelope.Method!) ? line.ToArray() : null;
                _inFlight[envelope.Id!] = new Request(envelope.Id!, envelope.Method!, again);
            }

            return true;
        }
    }

    /// <summary>Takes a request back that could not be sent; false when it was answered meanwhile.</summary>
    public bool TryTakeBack(Envelope envelope)
    {
        lock (_gate)
        {
            return envelope.Id is null || _inFlight.Remove(envelope.Id);
        }
    }

    /// <summary>Notes a line of the owner; false when it answers the relay and is not for the client.</summary>
    public bool Answered(Envelope envelope)
    {
        if (!envelope.IsAnswer)
        {
            return true;
        }

        lock (_gate)
        {
            if (_inFlight.Remove(envelope.Id!, out var request) && request.Method == "initialize")
            {
                _shookHands = true;
            }

            SignalIfNone();
            return !envelope.Id!.StartsWith($"\"{OwnId}", StringComparison.Ordinal);
        }
    }

    /// <summary>The link is lost. Gives the requests that must be answered with an error now; the others wait for the next link.</summary>
    public IReadOnlyList<Request> Lose(bool everything)
    {
        lock (_gate)
        {
            _link = null;
            Request[] lost = [.. _inFlight.Values.Where(request => everything || request.Again is null)];
            foreach (var request in lost)
            {
                _inFlight.Remove(request.Id);
            }

            // A request is repeated once; an owner that dies of it must not take the next one along.
            foreach (var request in _inFlight.Values.ToArray())
            {
                _inFlight[request.Id] = request with { Again = null, Resend = request.Again };
            }

            SignalIfNone();
            return lost;
        }
    }

    /// <summary>The handshake for a new owner, with an id of the relay's own; null when the client made none that was finished.</summary>
    public (byte[] Line, string Id)? Handshake()
    {
        lock (_gate)
        {
            return !_shookHands || _initialize is null ? null : WithOwnId(_initialize);
        }
    }

    /// <summary>Everything else a new owner must be told, in order: subscriptions, levels, and the requests that are asked again.</summary>
    public IReadOnlyList<byte[]> AfterHandshake()
    {
        lock (_gate)
        {
            var lines = new List<byte[]>();
            if (_initialized is not null)
            {
                lines.Add(_initialized);
            }

            lines.AddRange(_replay.Values.Select(line => WithOwnId(line).Line));
            foreach (var request in _inFlight.Values.Where(static request => request.Resend is not null).ToArray())
            {
                lines.Add(request.Resend!);
                _inFlight[request.Id] = request with { Resend = null };
            }

            return lines;
        }
    }

    /// <summary>Completes once nothing awaits an answer. A listening stream counts: it is the client's wish to stay.</summary>
    public Task WhenNone()
    {
        lock (_gate)
        {
            if (!_inFlight.Values.Any(Counts))
            {
                return Task.CompletedTask;
            }

            _none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _none.Task;
        }
    }

    private static bool Counts(Request request) => request.Method != RequestMethods.SubscriptionsListen;

    private void SignalIfNone()
    {
        if (_none is not null && !_inFlight.Values.Any(Counts))
        {
            _none.TrySetResult();
            _none = null;
        }
    }

    private void Remember(Envelope envelope, in ReadOnlySequence<byte> line)
    {
        switch (envelope.Method)
        {
            case "initialize":
                (_initialize, IsLegacy) = (line.ToArray(), true);
                break;
            case "notifications/initialized":
                _initialized = line.ToArray();
                break;
            case "logging/setLevel":
                _replay["level"] = line.ToArray();
                break;
            case "resources/subscribe":
                _replay[$"resource {AddressIn(line)}"] = line.ToArray();
                break;
            case "resources/unsubscribe":
                _replay.Remove($"resource {AddressIn(line)}");
                break;
            case "notifications/cancelled" when ParameterIn(line, "requestId") is { } cancelled:
                _inFlight.Remove(cancelled.ToJsonString());
                SignalIfNone();
                break;
            default:
                break;
        }
    }

    private static string? AddressIn(in ReadOnlySequence<byte> line) => ParameterIn(line, "uri")?.ToString();

    private static JsonNode? ParameterIn(in ReadOnlySequence<byte> line, string name) =>
        ((JsonNode.Parse(line.ToArray()) as JsonObject)?["params"] as JsonObject)?[name];

    private (byte[] Line, string Id) WithOwnId(byte[] line)
    {
        var id = $"{OwnId}{++_ownIds}";
        var message = JsonNode.Parse(line)!.AsObject();
        message["id"] = id;
        return ([.. System.Text.Encoding.UTF8.GetBytes(message.ToJsonString()), (byte)'\n'], $"\"{id}\"");
    }

    /// <summary>A request that awaits its answer.</summary>
    /// <param name="Id">Its id as it stood in the line.</param>
    /// <param name="Method">Its method.</param>
    /// <param name="Again">The whole line, when it may be asked again.</param>
    public sealed record Request(string Id, string Method, byte[]? Again)
    {
        /// <summary>The line to send to the next owner.</summary>
        internal byte[]? Resend { get; init; }
    }
}
