using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModelContextProtocol.Client;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Tests.Serving;
using Pipeline.Tools.Tests.Webhooks;
using Pipeline.Tools.Webhooks;

namespace Pipeline.Tools.Tests.Egress;

/// <summary>
/// Whatever a caller writes, no connection reaches an address that is not public: through the tools, past their first check, by redirects and by names
/// that change their answer. A canary listens on every address of the machine; run in a network of its own in which every address is the machine's
/// (docs/webhooks.md), it hears of every spelling that gets through.
/// </summary>
public sealed class NoPrivateAddressTests(ITestOutputHelper output)
{
    private const int FewestSpellings = 150;
    private const int FewestReached = 15;

    private static readonly IPAddress Public = IPAddress.Parse("93.184.215.14");

    [Fact]
    public async Task No_spelling_passes_the_tools()
    {
        using var canary = new Canary();
        var spellings = PrivateSpellings.All(canary.Port);
        await using var sending = await OpenAsync(new EgressOptions { Resolve = OfThisMachineAsync });

        var refusals = new List<string>();
        foreach (var (spelling, n) in spellings.Select((spelling, n) => (spelling, n)))
        {
            refusals.Add(await RefusalAsync(sending.Client, "subscribe_webhook", new { workspace = "film", url = spelling, events = new[] { "*" } }));
            refusals.Add(await RefusalAsync(sending.Client, "import_asset", new { asset = $"film/n{n}.bin", url = spelling }));
        }

        // What is stored all the same, as if no tool had checked it, is not connected to either.
        var stored = await StoreAsync(sending, spellings);
        sending.Start();
        await TriedAsync(sending, stored);

        output.WriteLine($"{spellings.Count} spellings x subscribe_webhook, import_asset; {stored} of them sent to past the check; refusals: "
            + string.Join(", ", refusals.CountBy(code => code).Select(pair => $"{pair.Key} {pair.Value}")));
        Assert.True(spellings.Distinct().Count() >= FewestSpellings);
        Assert.Equal(0, await canary.OthersAsync());
    }

    [Fact]
    public async Task Without_the_guard_the_canary_sings()
    {
        using var canary = new Canary();
        var spellings = PrivateSpellings.OfThisMachine(canary.Port);
        await using var sending = await OpenAsync(new EgressOptions { Resolve = OfThisMachineAsync, IsPublic = _ => true, ConnectTimeout = TimeSpan.FromSeconds(30) });

        foreach (var spelling in spellings)
        {
            await RefusalAsync(sending.Client, "import_asset", new { asset = "film/a.bin", url = spelling });
        }

        var stored = await StoreAsync(sending, spellings);
        sending.Start();
        await TriedAsync(sending, stored);
        await canary.OthersAsync();

        var (imports, webhooks) = (Reached(canary, "GET").Distinct().Count(), Reached(canary, "POST").Distinct().Count());
        output.WriteLine($"of {spellings.Count}: {imports} by import, {webhooks} by webhook");
        Assert.True(imports >= FewestReached && webhooks >= FewestReached, $"Only {imports} imports and {webhooks} webhooks came.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_name_that_turns_private_after_the_check_leads_nowhere(bool guarded)
    {
        using var canary = new Canary();
        var asked = new Dictionary<string, int>();
        Task<IPAddress[]> RebindAsync(string host, CancellationToken cancellation)
        {
            lock (asked)
            {
                asked[host] = asked.GetValueOrDefault(host) + 1;
                IPAddress here = host.StartsWith("six", StringComparison.Ordinal) ? IPAddress.IPv6Loopback : IPAddress.Loopback;
                return Task.FromResult<IPAddress[]>([asked[host] == 1 ? Public : here]);
            }
        }

        var options = new EgressOptions { Resolve = RebindAsync };
        await using var sending = await OpenAsync(guarded ? options : options with { IsPublic = _ => true });
        foreach (var name in new[] { "rebind.example", "six.example" })
        {
            await sending.Client.CallAsync("subscribe_webhook", new { workspace = "film", url = $"http://hook.{name}:{canary.Port}/", events = new[] { "*" } });
            await sending.Client.CallAsync("subscribe_webhook", new { workspace = "film", url = $"http://six.hook.{name}:{canary.Port}/", events = new[] { "*" } });
            var refusal = await RefusalAsync(sending.Client, "import_asset", new { asset = "film/a.bin", url = $"http://{name}:{canary.Port}/" });
            Assert.Equal(guarded ? "egress_refused" : "import_failed", refusal);
        }

        await sending.Client.CallAsync("notify_webhook", new { workspace = "film", @event = "shot.ready", payload = new { } });
        sending.Start();
        await TriedAsync(sending, 4);

        Assert.All(asked.Values, times => Assert.True(times >= 2));
        Assert.Equal(guarded, await canary.OthersAsync() == 0);
        Assert.Equal(guarded ? 0 : 4, Reached(canary, "POST").Count());
        Assert.Equal(guarded, !Reached(canary, "GET").Any());
    }

    [Fact]
    public async Task No_redirect_leads_to_a_private_address()
    {
        using var canary = new Canary();
        var spellings = PrivateSpellings.All(canary.Port).Where(spelling => spelling.Length > 0 && spelling.All(one => one is > ' ' and < '\u007f')).ToList();
        await using var first = await Receiver.StartAsync((message, response) =>
        {
            var isHop = int.TryParse(message.Path[1..], out var n);
            response.StatusCode = isHop ? 307 : 404;
            response.Headers.Location = isHop ? spellings[n] : default(Microsoft.Extensions.Primitives.StringValues);

            return Task.CompletedTask;
        });
        await using var sending = await OpenAsync(new EgressOptions { Hosts = [first.Host], Resolve = OfThisMachineAsync });

        for (var n = 0; n < spellings.Count; n++)
        {
            await RefusalAsync(sending.Client, "import_asset", new { asset = "film/a.bin", url = $"http://{first.Host}/{n}" });
            Assert.Equal($"/{n}", (await first.NextAsync()).Path); // the first hop was really taken
            while (first.Waiting > 0)
            {
                await first.NextAsync(); // a relative address leads back to it
            }
        }

        var hops = await StoreAsync(sending, [.. spellings.Select((_, n) => $"http://{first.Host}/{n}")]);
        sending.Start();
        await TriedAsync(sending, hops);

        output.WriteLine($"{spellings.Count} redirects x import_asset, webhook");
        Assert.True(spellings.Count >= FewestSpellings);
        Assert.Equal(spellings.Count, hops);
        Assert.Equal(0, await canary.OthersAsync());
    }

    private static IEnumerable<string> Reached(Canary canary, string method) => canary.Lines.Where(line => line.StartsWith(method, StringComparison.Ordinal));

    private static Task<Sending> OpenAsync(EgressOptions egress) => Sending.OpenAsync(
        [], new WebhookOptions { Schedule = [TimeSpan.FromHours(1)], MaxPerHost = 32, Timeout = TimeSpan.FromSeconds(45) }, egress: egress,
        more: services => services.Replace(ServiceDescriptor.Singleton(new ImportOptions { MaxAttempts = 1 })));

    // Names lead to this machine if they are its own; nobody outside is asked.
    private static Task<IPAddress[]> OfThisMachineAsync(string host, CancellationToken cancellation) => host.TrimEnd('.').EndsWith("localhost", StringComparison.OrdinalIgnoreCase)
        ? Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.IPv6Loopback])
        : Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound));

    // The code of the refusal; "none" when the call went through, which only a subscription to a name that does not resolve may.
    private static async Task<string> RefusalAsync(McpClient client, string tool, object arguments)
    {
        var given = JsonSerializer.SerializeToElement(arguments).EnumerateObject().ToDictionary(pair => pair.Name, pair => (object?)pair.Value);
        var answer = await client.CallToolAsync(tool, given);
        Assert.True(answer.IsError == true || tool == "subscribe_webhook", $"{tool} went through: {JsonSerializer.Serialize(arguments)}");
        return answer.IsError == true ? answer.StructuredContent!.Value.GetProperty("code").GetString()! : "none";
    }

    // Subscriptions and one delivery each, put into the store directly; how many could be addresses at all.
    private static Task<int> StoreAsync(Sending sending, IReadOnlyList<string> urls) => sending.House.Database.TransactAsync(async tx =>
    {
        var stored = 0;
        foreach (var address in urls.Select(url => Uri.TryCreate(url, UriKind.Absolute, out var parsed) ? parsed : null).OfType<Uri>())
        {
            var id = $"sub_stored{stored}";
            await SubscriptionsTable.InsertAsync(tx, new()
            {
                SubscriptionId = id, Workspace = "film", Url = address.AbsoluteUri, Host = $"{stored}", Events = """["none"]""", Secret = WebhookSecret.Make(), CreatedAtMs = tx.NowMs,
            });
            await DeliveriesTable.InsertAsync(tx, new()
            {
                DeliveryId = $"msg_stored{stored++}", SubscriptionId = id, Workspace = "film", Kind = "none", Body = "{}", CreatedAtMs = tx.NowMs, DueAtMs = tx.NowMs,
            });
        }

        return stored;
    }, CancellationToken.None);

    private static async Task TriedAsync(Sending sending, int expected)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        for (var tried = 0; tried < expected; await Task.Delay(50, late.Token))
        {
            var rows = await sending.House.Database.ReadAsync(
                query => DeliveriesTable.PageAsync(query, "film", null, DeliveryState.Retrying, long.MaxValue, "", 10_000), CancellationToken.None);
            Assert.All(rows, row => Assert.True(row.LastError is not null));
            tried = rows.Count;
        }
    }
}
