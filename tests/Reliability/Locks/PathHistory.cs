using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Reliability.Checking;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Locks;

/// <summary>
/// Reads a recorded history as what was done to each path. A call about several paths becomes one operation a path; a refusal of such a call is
/// left out, because it does not say which path it is about.
/// </summary>
internal sealed class PathHistory
{
    private const long WaitSlackUs = 40_000_000;

    private readonly List<Operation<PathAction>> _operations = [];
    private readonly Dictionary<string, List<(string Asset, long Token)>> _locks = [];
    private readonly ILookup<string, (string Client, long FromUs, long ToUs)> _waits;

    private PathHistory(IReadOnlyList<Intent> intents)
    {
        foreach (var intent in intents.Where(intent => intent.Outcome == Outcome.Ok))
        {
            Learn(intent);
        }

        _waits = (from intent in intents
                  where intent.First.Tool == "acquire_lock" && Seconds(intent, "wait_seconds", 0) is > 0
                  from asset in Assets(intent)
                  select (asset, Wait: (intent.First.Client, intent.CalledAtUs, ToUs: Math.Min(intent.ReturnedAtUs, intent.CalledAtUs + Us(intent, "wait_seconds", 0) + WaitSlackUs))))
            .ToLookup(one => one.asset, one => one.Wait);
        foreach (var intent in intents)
        {
            Read(intent);
        }
    }

    public static IReadOnlyList<Operation<PathAction>> Of(History history) => new PathHistory(Intent.Of(history))._operations;

    private void Learn(Intent intent)
    {
        switch (intent.First.Tool)
        {
            case "acquire_lock" when intent.Answer["locks"] is JsonArray together:
                foreach (var one in together)
                {
                    Know(one!["lock_id"]!, one["asset"]!, one["token"]!);
                    Know(intent.Answer["lock_id"]!, one["asset"]!, one["token"]!);
                }

                break;
            case "acquire_lock":
                Know(intent.Answer["lock_id"]!, intent.Answer["asset"]!, intent.Answer["token"]!);
                break;
            case "list_locks":
                foreach (var one in intent.Answer["locks"]!.AsArray())
                {
                    Know(one!["lock_id"]!, one["asset"]!, one["token"]!);
                }

                break;
        }
    }

    private void Know(JsonNode lockId, JsonNode asset, JsonNode token)
    {
        var known = _locks.TryGetValue((string)lockId!, out var list) ? list : _locks[(string)lockId!] = [];
        if (!known.Contains(((string)asset!, (long)token)))
        {
            known.Add(((string)asset!, (long)token));
        }
    }

    private void Read(Intent intent)
    {
        switch (intent.First.Tool)
        {
            case "acquire_lock" when intent.Arguments["lock_id"] is not null:
                OfLock(intent, Renewed);
                break;
            case "acquire_lock":
                Acquired(intent);
                break;
            case "renew_lock":
                OfLock(intent, Renewed);
                break;
            case "release_lock":
                OfLock(intent, (token, _) => ReplyOf(intent) is Reply.Done or Reply.Absent or Reply.Unknown ? new Release(ReplyOf(intent), intent.Agent, token) : null);
                break;
            case "break_lock":
                OfLock(intent, (token, _) => ReplyOf(intent) is Reply.Done or Reply.Unknown ? new Break(ReplyOf(intent), token) : null);
                break;
            case "list_locks" when intent.Outcome == Outcome.Ok:
                Add(intent, (string)intent.Arguments["asset"]!, new ListHeld(Reply.Done, [.. intent.Answer["locks"]!.AsArray().Select(Seen)]));
                break;
            case "put_asset" when ReplyOf(intent) is var reply && reply is not (Reply.Absent or Reply.Lost):
                Add(intent, (string)intent.Arguments["asset"]!, new Write(
                    reply, intent.Agent, (long?)intent.Arguments["lock_token"], (long?)intent.Arguments["if_version"], Name((string)intent.Arguments["text"]!),
                    reply == Reply.Done ? (long)intent.Answer["version"]! : 0));
                break;
            case "read_asset" when ReplyOf(intent) is Reply.Done:
                Add(intent, (string)intent.Arguments["asset"]!, new Read(Reply.Done, (long)intent.Answer["version"]!, Name((string?)intent.Answer["text"] ?? "")));
                break;
            case "read_asset" when ReplyOf(intent) is Reply.Absent:
                Add(intent, (string)intent.Arguments["asset"]!, new Read(Reply.Absent));
                break;
        }

        PathAction? Renewed(long token, bool alone) => ReplyOf(intent) switch
        {
            Reply.Lost when !alone => null,
            Reply.Done or Reply.Absent or Reply.Unknown or Reply.Lost => new Renew(ReplyOf(intent), intent.Agent, token, Us(intent, "ttl_seconds", 60)),
            _ => null,
        };
    }

    private void Acquired(Intent intent)
    {
        var assets = Assets(intent);
        var (exclusive, ttlUs) = ((string?)intent.Arguments["mode"] is null or "exclusive", Us(intent, "ttl_seconds", 60));
        switch (ReplyOf(intent))
        {
            case Reply.Done:
                foreach (var (asset, token) in _locks[(string)intent.Answer["lock_id"]!])
                {
                    Add(intent, asset, new Acquire(Reply.Done, intent.Agent, exclusive, ttlUs, token));
                }

                break;
            case Reply.Held when assets is [var asset]:
                Add(intent, asset, new Acquire(
                    Reply.Held, intent.Agent, exclusive, ttlUs, 0, (string?)intent.Answer["facts"]?["holder"],
                    _waits[asset].Any(wait => wait.Client != intent.First.Client && wait.FromUs <= intent.ReturnedAtUs && wait.ToUs >= intent.CalledAtUs)));
                break;
            // Taken by an attempt whose answer was lost, and gone before the next asked; or nobody knows.
            case Reply.Lost or Reply.Unknown:
                foreach (var asset in assets)
                {
                    Add(intent, asset, new Acquire(Reply.Unknown, intent.Agent, exclusive, ttlUs), open: true);
                }

                break;
        }
    }

    private void OfLock(Intent intent, Func<long, bool, PathAction?> action)
    {
        var named = _locks.GetValueOrDefault((string)intent.Arguments["lock_id"]!) ?? [];
        foreach (var (asset, token) in named)
        {
            if (action(token, named.Count == 1) is { } done)
            {
                Add(intent, asset, done);
            }
        }
    }

    private void Add(Intent intent, string asset, PathAction action, bool open = false) =>
        _operations.Add(new(_operations.Count, intent.First.Client, asset, action, intent.CalledAtUs, open ? Operation<PathAction>.Open : intent.ReturnedAtUs));

    private static Reply ReplyOf(Intent intent) => intent.Outcome switch
    {
        Outcome.Ok => Reply.Done,
        Outcome.Open => Reply.Unknown,
        _ => intent.Code switch
        {
            "lock_held" => Reply.Held,
            "lock_lost" => Reply.Lost,
            "stale_token" => Reply.Stale,
            "version_conflict" => Reply.Conflict,
            "not_found" => Reply.Absent,
            "deadlock" => Reply.Deadlocked,
            _ => throw new InvalidOperationException($"{intent.First.Tool} {intent.Arguments.ToJsonString()} was refused as nobody foresaw: {intent.Answer.ToJsonString()}"),
        },
    };

    private static IReadOnlyList<string> Assets(Intent intent) =>
        intent.Arguments["assets"] is JsonArray several ? [.. several.Select(one => (string)one!)] : [(string)intent.Arguments["asset"]!];

    private static SeenLock Seen(JsonNode? row) => new((long)row!["token"]!, (string)row["holder"]!, (string)row["mode"]! == "exclusive");

    private static double Seconds(Intent intent, string argument, double otherwise) => (double?)intent.Arguments[argument] ?? otherwise;

    private static long Us(Intent intent, string argument, double otherwise) => (long)(Seconds(intent, argument, otherwise) * 1_000_000);

    // Content that grows by what is added to what was read stands for all that was there before.
    private static string Name(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
