using System.Text.Json.Nodes;
using Pipeline.Reliability.Clients;

namespace Pipeline.Reliability.Locks;

/// <summary>Makes one call after another, and remembers its own last locks and those of others that it has seen.</summary>
internal sealed class LockMixCaller(RigClient client, CancellationToken cancellation)
{
    private const int Remembered = 4;

    private readonly Random _chance = client.Random;
    private readonly List<Held> _mine = [];
    private readonly Dictionary<string, Held> _others = [];

    /// <summary>Some call about a path of <paramref name="folder"/>, or about a lock held.</summary>
    public Task CallAsync(string folder, int path)
    {
        var asset = $"{folder}/{path}.txt";
        var other = _others.GetValueOrDefault(asset);
        var own = _mine.Count == 0 ? null : _mine[_chance.Next(_mine.Count)];
        return _chance.Next(16) switch
        {
            < 5 => AcquireAsync(asset, _chance.Next(5) == 0 ? [$"{folder}/0.txt", $"{folder}/1.txt"] : null),
            5 when own is not null => client.ChangeAsync("renew_lock", new() { ["lock_id"] = own.LockId, ["ttl_seconds"] = Ttl() }, cancellation),
            6 when own?.Token is not null => client.ChangeAsync(
                "acquire_lock", new() { ["asset"] = own.Asset, ["lock_id"] = own.LockId, ["mode"] = "shared", ["ttl_seconds"] = Ttl() }, cancellation),
            7 when other is not null => client.ChangeAsync("release_lock", new() { ["lock_id"] = other.LockId }, cancellation),
            8 when other is not null && _chance.Next(4) == 0 => client.ChangeAsync(
                "break_lock", new() { ["lock_id"] = other.LockId, ["reason"] = "in the way" }, cancellation),
            9 => ListAsync(asset),
            10 => client.ReadAsync("read_asset", new() { ["asset"] = asset }, cancellation),
            11 => WriteAsync(asset, null),
            12 when other is not null => WriteAsync(asset, other.Token),
            13 or 14 when own?.Token is not null => WriteAsync(own.Asset, own.Token),
            15 when own is not null => ReleaseAsync(own),
            _ => Task.CompletedTask,
        };
    }

    private async Task AcquireAsync(string asset, string[]? together)
    {
        var arguments = new JsonObject
        {
            ["mode"] = _chance.Next(3) == 0 ? "shared" : "exclusive", ["ttl_seconds"] = Ttl(), ["wait_seconds"] = _chance.Next(2) == 0 ? 0 : _chance.Next(1, 4),
        };
        arguments[together is null ? "asset" : "assets"] = together is null ? asset : new JsonArray([.. together.Select(one => JsonValue.Create(one))]);
        var grant = await client.ChangeAsync("acquire_lock", arguments, cancellation);
        if (grant.IsOk)
        {
            _mine.Add(new((string)grant.Body["lock_id"]!, asset, (long?)grant.Body["token"]));
            if (_mine.Count > Remembered)
            {
                _mine.RemoveAt(0);
            }
        }
    }

    private async Task ReleaseAsync(Held own)
    {
        await client.ChangeAsync("release_lock", new() { ["lock_id"] = own.LockId }, cancellation);
        if (_chance.Next(5) > 0)
        {
            // The rest of the time it goes on as if it still held.
            _mine.Remove(own);
        }
    }

    private async Task ListAsync(string asset)
    {
        var list = await client.ReadAsync("list_locks", new() { ["asset"] = asset }, cancellation);
        foreach (var row in list.IsOk ? list.Body["locks"]!.AsArray() : [])
        {
            if ((string)row!["holder"]! != client.Name)
            {
                _others[asset] = new((string)row["lock_id"]!, asset, (long)row["token"]!);
            }
        }
    }

    private Task WriteAsync(string asset, long? token)
    {
        var arguments = new JsonObject { ["asset"] = asset, ["text"] = client.NewKey() };
        if (token is not null)
        {
            arguments["lock_token"] = token;
        }
        else if (_chance.Next(2) == 0)
        {
            arguments["if_version"] = _chance.Next(6);
        }

        return client.ChangeAsync("put_asset", arguments, cancellation);
    }

    private int Ttl() => _chance.Next(1, 4);

    private sealed record Held(string LockId, string Asset, long? Token);
}
