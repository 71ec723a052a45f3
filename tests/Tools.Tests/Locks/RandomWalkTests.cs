using ModelContextProtocol.Client;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Locks;

/// <summary>Random calls of three agents on three paths, each answer held against a model of a few lines.</summary>
public sealed class RandomWalkTests
{
    private static readonly string[] Agents = ["ada", "bob", "eve"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task The_locks_do_what_the_model_says(int seed)
    {
        var clock = new HandClock();
        var random = new Random(seed);
        await using var house = await LockHouse.OpenAsync(clock);
        var client = await house.ConnectAsync("team");
        var model = new Model(client);
        for (var step = 0; step < 250; step++)
        {
            var (agent, path) = (Agents[random.Next(3)], $"film/{random.Next(3)}");
            switch (random.Next(8))
            {
                case 0 or 1:
                    await model.AcquireAsync(agent, [path], random.Next(3) == 0 ? "shared" : "exclusive", random.Next(1, 20));
                    break;
                case 2:
                    await model.AcquireAsync(agent, ["film/0", path == "film/0" ? "film/2" : path], "exclusive", random.Next(1, 20));
                    break;
                case 3:
                    await model.RenewAsync(agent, random);
                    break;
                case 4:
                    await model.ReleaseAsync(agent, random);
                    break;
                case 5 or 6:
                    await model.WriteAsync(agent, path, random);
                    break;
                default:
                    clock.Advance(TimeSpan.FromSeconds(random.Next(1, 6)));
                    model.Now += clock.GetTimestamp() / TimeSpan.TicksPerSecond - model.Now;
                    break;
            }
        }
    }

    private sealed class Held
    {
        public required string Path { get; init; }
        public required string Agent { get; init; }
        public required string Mode { get; init; }
        public required string LockId { get; init; }
        public required long Token { get; init; }
        public required long Ttl { get; init; }
        public required long Until { get; set; }
        public bool Gone { get; set; }
    }

    private sealed class Model(McpClient client)
    {
        private readonly List<Held> _all = [];
        private readonly Dictionary<string, long> _tokens = [];

        public long Now { get; set; }

        public async Task AcquireAsync(string agent, string[] paths, string mode, long ttl)
        {
            var free = paths.All(path => Live(path).All(held => held.Mode == "shared" && mode == "shared"));
            var arguments = new { assets = paths, mode, ttl_seconds = ttl, agent };
            if (!free)
            {
                await client.RefusedAsync("acquire_lock", arguments, "lock_held");
                return;
            }

            var result = await client.CallAsync("acquire_lock", arguments);
            foreach (var one in result.GetProperty("locks").EnumerateArray())
            {
                var path = one.Text("asset");
                var token = _tokens[path] = _tokens.GetValueOrDefault(path) + 1;
                Assert.Equal(token, one.Number("token"));
                _all.Add(new() { Path = path, Agent = agent, Mode = mode, LockId = one.Text("lock_id"), Token = token, Ttl = ttl, Until = Now + ttl });
            }
        }

        public async Task RenewAsync(string agent, Random random)
        {
            if (Any(random) is not { } held)
            {
                return;
            }

            var arguments = new { lock_id = held.LockId, agent };
            if (held.Agent != agent)
            {
                await client.RefusedAsync("renew_lock", arguments, "not_found");
            }
            else if (IsLive(held))
            {
                await client.CallAsync("renew_lock", arguments);
                held.Until = Now + held.Ttl;
            }
            else
            {
                await client.RefusedAsync("renew_lock", arguments, "lock_lost");
            }
        }

        public async Task ReleaseAsync(string agent, Random random)
        {
            if (Any(random) is not { } held)
            {
                return;
            }

            var arguments = new { lock_id = held.LockId, agent };
            if (held.Agent != agent)
            {
                await client.RefusedAsync("release_lock", arguments, "not_found");
                return;
            }

            Assert.True((await client.CallAsync("release_lock", arguments)).GetProperty("released").GetBoolean());
            held.Gone = true;
        }

        public async Task WriteAsync(string agent, string path, Random random)
        {
            var token = random.Next(3) == 0 ? (long?)null : Math.Max(1, _tokens.GetValueOrDefault(path) - random.Next(2));
            var arguments = token is null ? (object)new { asset = path, text = "x", agent } : new { asset = path, text = "x", agent, lock_token = token };
            var mine = Live(path).Any(held => held.Token == token && held.Agent == agent && held.Mode == "exclusive");
            if (token is null ? !Live(path).Any() : mine)
            {
                await client.CallAsync("put_asset", arguments);
            }
            else
            {
                await client.RefusedAsync("put_asset", arguments, token is null ? "lock_held" : "stale_token");
            }
        }

        private bool IsLive(Held held) => !held.Gone && held.Until > Now;

        private IEnumerable<Held> Live(string path) => _all.Where(held => held.Path == path && IsLive(held));

        private Held? Any(Random random) => _all.Count == 0 ? null : _all[Math.Max(0, _all.Count - 1 - random.Next(8))];
    }
}
