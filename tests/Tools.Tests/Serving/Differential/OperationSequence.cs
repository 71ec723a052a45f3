using System.Text.Json;

namespace Pipeline.Tools.Tests.Serving.Differential;

/// <summary>
/// Seeded tool calls: writes, locks, runs, webhooks, keys that are used again, time that passes. What it does next follows from the seed and from the
/// answers, so two houses that answer alike are asked alike.
/// </summary>
internal sealed class OperationSequence(int seed, Actor actor)
{
    private static readonly string[] Paths = ["a.txt", "b.txt", "cut/c.txt", "cut/d.txt"];

    private static readonly JsonElement Plan = JsonDocument.Parse(
        """
        {"steps": [
            {"id": "a", "capability": "x-work"}, {"id": "b", "capability": "x-work", "needs": ["a"]},
            {"id": "c", "capability": "x-more", "needs": ["a"], "retry": {"max_attempts": 2, "backoff_seconds": 5}}]}
        """).RootElement;

    private readonly Random _chance = new(seed);
    private readonly string[] _workspaces = [$"s{seed}-one", $"s{seed}-two"];

    /// <summary>Does it all; a line for each call, with what was answered.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(int length)
    {
        actor.Begin();
        var lines = new List<string>();
        foreach (var workspace in _workspaces)
        {
            lines.Add(await SayAsync(2, "create_workspace", new { workspace }));
        }

        for (var n = 0; n < length; n++)
        {
            lines.Add(await NextAsync());
        }

        foreach (var workspace in _workspaces)
        {
            lines.Add(await SayAsync(2, "read_audit", new { workspace }));
            lines.Add(await SayAsync(2, "list_assets", new { workspace }));
            lines.Add(await SayAsync(2, "list_locks", new { workspace }));
            lines.Add(await SayAsync(2, "wait_events", new { workspace, since = 0 }));
            lines.Add(await SayAsync(2, "list_deliveries", new { workspace }));
            lines.Add(await SayAsync(2, "report_costs", new { workspace }));
        }

        foreach (var run in actor.Runs)
        {
            lines.Add(await SayAsync(2, "get_run", new { run_id = run }));
        }

        return lines;
    }

    private Task<string> NextAsync() => _chance.Next(10) switch
    {
        0 or 1 or 2 => AssetAsync(),
        3 or 4 => LockAsync(),
        5 or 6 or 7 => RunAsync(),
        8 => HookAsync(),
        _ => LookAsync(),
    };

    private Task<string> AssetAsync()
    {
        var (asset, key) = (Asset(), Key());
        long? token = actor.Tokens.Count > 0 && _chance.Next(2) == 0 ? Of(actor.Tokens) : null;
        long? version = _chance.Next(4) == 0 ? _chance.Next(3) : null;
        var text = $"text {_chance.Next(5)}";
        return _chance.Next(5) switch
        {
            0 or 1 => SayAsync(Caller(), "put_asset", new { asset, text, lock_token = token, if_version = version, idempotency_key = key }),
            2 => SayAsync(Caller(), "set_metadata", new { asset, metadata = new { take = _chance.Next(3) }, lock_token = token, if_version = version, idempotency_key = key }),
            3 => SayAsync(Caller(), "delete_asset", new { asset, lock_token = token, if_version = version, idempotency_key = key }),
            _ => SayAsync(Caller(), "restore_asset", new { asset = $"{asset}@{_chance.Next(1, 3)}", lock_token = token, idempotency_key = key }),
        };
    }

    private async Task<string> LockAsync()
    {
        var lockId = actor.Locks.Count > 0 ? Of(actor.Locks) : "lock_none";
        var ttl = _chance.Next(1, 120);
        var mode = _chance.Next(3) == 0 ? "shared" : "exclusive";
        switch (_chance.Next(7))
        {
            case 0:
                return await SayAsync(Caller(), "release_lock", new { lock_id = lockId, idempotency_key = Key() });
            case 1:
                return await SayAsync(Caller(), "renew_lock", new { lock_id = lockId, ttl_seconds = ttl });
            case 2 when _chance.Next(3) == 0:
                return await SayAsync(2, "break_lock", new { lock_id = lockId, reason = "in the way" });
            case 3:
                var several = new[] { Asset(), Asset() }.Distinct().ToArray();
                return Took(await actor.CallAsync(Caller(), "acquire_lock", new { assets = several, ttl_seconds = ttl, mode, idempotency_key = Key() }));
            default:
                return Took(await actor.CallAsync(Caller(), "acquire_lock", new { asset = Asset(), ttl_seconds = ttl, mode, agent = Agent(), idempotency_key = Key() }));
        }
    }

    private async Task<string> RunAsync()
    {
        var (workspace, caller) = (Of(_workspaces), Caller());
        var claim = actor.Claims.Count > 0 ? Of(actor.Claims) : ("run_none", "a", 1);
        switch (_chance.Next(8))
        {
            case 0:
                var made = await actor.CallAsync(caller, "create_plan", new { workspace, plan = Plan });
                if (!made.Ok)
                {
                    return made.Text;
                }

                var begun = await actor.CallAsync(caller, "start_run", new { plan_id = made.Answer.GetProperty("plan_id").GetString(), idempotency_key = Key() });
                if (begun.Ok)
                {
                    actor.Runs.Add(begun.Answer.GetProperty("run_id").GetString()!);
                }

                return $"{made.Text}\n{begun.Text}";
            case 1 or 2 or 3:
                return Claimed(await actor.CallAsync(caller, "claim_step", new { workspace, capabilities = new[] { "x-work", "x-more" }, lease_seconds = _chance.Next(1, 60), idempotency_key = Key() }));
            case 4 or 5:
                return await SayAsync(caller, "complete_step", new { run_id = claim.Item1, step_id = claim.Item2, generation = claim.Item3, cost_micros = _chance.Next(100), idempotency_key = Key() });
            case 6:
                return await SayAsync(caller, "fail_step", new { run_id = claim.Item1, step_id = claim.Item2, generation = claim.Item3, error = "broke", retryable = _chance.Next(2) == 0 });
            default:
                var action = Of(new[] { "pause", "resume", "resume", "cancel" });
                return await SayAsync(caller, "control_run", new { run_id = actor.Runs.Count > 0 ? Of(actor.Runs) : "run_none", action });
        }
    }

    private async Task<string> HookAsync()
    {
        var workspace = Of(_workspaces);
        switch (_chance.Next(4))
        {
            case 0:
                var made = await actor.CallAsync(Caller(), "subscribe_webhook", new { workspace, url = $"https://203.0.113.{_chance.Next(1, 9)}/hook", events = new[] { "asset.*", "note" }, secret = Secret });
                if (made.Ok)
                {
                    actor.Subscriptions.Add(made.Answer.GetProperty("subscription_id").GetString()!);
                }

                return made.Text;
            case 1 when actor.Deliveries.Count > 0:
                return await SayAsync(Caller(), "replay_delivery", new { delivery_id = Of(actor.Deliveries) });
            default:
                var told = await actor.CallAsync(Caller(), "notify_webhook", new { workspace, @event = "note", payload = new { n = _chance.Next(9) }, idempotency_key = Key() });
                if (told.Ok)
                {
                    actor.Deliveries.AddRange(told.Answer.GetProperty("delivery_ids").EnumerateArray().Select(id => id.GetString()!));
                }

                return told.Text;
        }
    }

    private async Task<string> LookAsync()
    {
        switch (_chance.Next(4))
        {
            case 0:
                actor.Advance(_chance.Next(1, 40));
                return "time passed";
            case 1:
                return await SayAsync(Caller(), "resume_agent", new { agent = Agent() });
            case 2:
                var seen = await actor.CallAsync(Caller(), "wait_events", new { workspace = _workspaces[0], since = actor.Cursor });
                actor.Cursor = seen.Ok ? seen.Answer.GetProperty("cursor").GetInt64() : actor.Cursor;
                return seen.Text;
            default:
                return await SayAsync(Caller(), "get_asset", new { asset = Asset() });
        }
    }

    private const string Secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    private string Took((JsonElement Answer, bool Ok, string Text) taken)
    {
        if (taken.Ok)
        {
            actor.Locks.Add(taken.Answer.GetProperty("lock_id").GetString()!);
            if (taken.Answer.TryGetProperty("token", out var token) && token.ValueKind == JsonValueKind.Number)
            {
                actor.Tokens.Add(token.GetInt64());
            }
        }

        return taken.Text;
    }

    private string Claimed((JsonElement Answer, bool Ok, string Text) taken)
    {
        if (taken.Ok && taken.Answer.TryGetProperty("step", out var step) && step.ValueKind == JsonValueKind.Object)
        {
            actor.Claims.Add((step.GetProperty("run_id").GetString()!, step.GetProperty("step_id").GetString()!, step.GetProperty("generation").GetInt64()));
        }

        return taken.Text;
    }

    private async Task<string> SayAsync(int caller, string tool, object arguments) => $"{tool} {(await actor.CallAsync(caller, tool, arguments)).Text}";

    private int Caller() => _chance.Next(3);

    private string? Agent() => _chance.Next(2) == 0 ? null : "helper";

    private string? Key() => _chance.Next(3) == 0 ? $"s{seed}-k{_chance.Next(6)}" : null;

    private string Asset() => $"{Of(_workspaces)}/{Of(Paths)}";

    private T Of<T>(IReadOnlyList<T> items) => items[_chance.Next(items.Count)];
}
