using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Egress;

namespace Pipeline.Tools.Tests.Egress;

public sealed class GuardedHttpTests
{
    private static readonly Caller Anyone = new("tester", Role.Member, null, Egress: true, [], []);

    /// <summary>Ways to write this machine, its network and what clouds keep there. PORT is a listening canary's.</summary>
    public static TheoryData<string> Spellings { get; } = new(
    [
        "http://127.0.0.1:PORT/", "http://127.0.0.2:PORT/", "http://127.1:PORT/", "http://127.0.1:PORT/", "http://127.255.255.254:PORT/",
        "http://2130706433:PORT/", "http://0x7f000001:PORT/", "http://0X7F000001:PORT/", "http://017700000001:PORT/", "http://0177.0.0.1:PORT/",
        "http://0177.0.0.01:PORT/", "http://0x7f.0.0.1:PORT/", "http://0x7f.0x0.0x0.0x1:PORT/", "http://0x7f.1:PORT/", "http://0177.1:PORT/",
        "http://127.0x1:PORT/", "http://00000177.0.0.1:PORT/", "http://127.0.0.1.:PORT/", "http://127.0.0.1%2e:PORT/", "http://127%2e0%2e0%2e1:PORT/",
        "http://%31%32%37.0.0.1:PORT/", "http://１２７.0.0.1:PORT/", "http://①②⑦.0.0.1:PORT/", "http://127。0。0。1:PORT/", "http://localhost:PORT/",
        "http://LOCALHOST:PORT/", "http://localhost.:PORT/", "http://LocalHost:PORT/", "http://ⓛocalhost:PORT/", "http://foo.localhost:PORT/",
        "http://0:PORT/", "http://0.0.0.0:PORT/", "http://0.0.0.0.:PORT/", "http://00:PORT/", "http://0x0:PORT/", "http://[::]:PORT/", "http://[::1]:PORT/",
        "http://[0:0:0:0:0:0:0:1]:PORT/", "http://[0000::0001]:PORT/", "http://[::127.0.0.1]:PORT/", "http://[::ffff:127.0.0.1]:PORT/",
        "http://[::ffff:7f00:1]:PORT/", "http://[::FFFF:7F00:0001]:PORT/", "http://[0:0:0:0:0:ffff:127.0.0.1]:PORT/", "http://[::1%25lo]:PORT/",
        "http://[64:ff9b::127.0.0.1]:PORT/", "http://[2002:7f00:1::]:PORT/", "http://[fe80::1]:PORT/", "http://[fe80::1%25eth0]:PORT/",
        "http://[fd00:ec2::254]/", "http://[fc00::1]/", "http://[ff02::1]/", "http://169.254.169.254/latest/meta-data/", "http://2852039166/",
        "http://0xa9fea9fe/", "http://0251.0376.0251.0376/", "http://169.254.43518/", "http://[::ffff:169.254.169.254]/", "http://100.100.100.200/",
        "http://10.0.0.1/", "http://10.1/", "http://167772161/", "http://172.16.0.1/", "http://192.168.1.1/", "http://192.168.257/", "http://198.18.0.1/",
        "http://224.0.0.1/", "http://255.255.255.255/", "http://user:pass@127.0.0.1:PORT/", "http://example.com@127.0.0.1:PORT/",
        "http://127.0.0.1:PORT@example.com/", "http://127.0.0.1:PORT#@example.com/", "http://127.0.0.1:PORT\\@example.com/", "http:\\\\127.0.0.1:PORT/",
        "http:///127.0.0.1:PORT/", "http:127.0.0.1:PORT/", "//127.0.0.1:PORT/", "http://127.0.0.1:PORT\t/", " http://127.0.0.1:PORT/",
        "http://127.0.\n0.1:PORT/", "ftp://127.0.0.1:PORT/", "file:///etc/passwd", "gopher://127.0.0.1:PORT/", "unix:///run/docker.sock", "/etc/passwd", "",
    ]);

    [Theory]
    [MemberData(nameof(Spellings))]
    public async Task No_spelling_reaches_a_private_address(string spelling)
    {
        using var canary = new Canary();
        using var http = new GuardedHttp(new EgressOptions(), TimeProvider.System);
        var url = spelling.Replace("PORT", canary.Port.ToString(), StringComparison.Ordinal);

        // At the first check, where an address is taken; a name that does not resolve may pass it and fails to connect.
        var refusal = await Record.ExceptionAsync(() => http.CheckAsync(url, "url", Anyone, CancellationToken.None));
        Assert.True(refusal is null or ToolError, refusal?.ToString());

        // And at the connection, as if the first check had not been.
        if (Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            var failure = await Record.ExceptionAsync(() => http.SendAsync(request, TimeSpan.FromSeconds(5), CancellationToken.None));
            Assert.True(failure is EgressRefusedError or HttpRequestException or TimeoutException or NotSupportedException, failure?.ToString() ?? "It was sent.");
        }

        Assert.False(canary.WasReached);
    }

    [Fact]
    public async Task A_listed_host_is_reached_on_its_port_only_and_without_the_right_to_egress()
    {
        using var canary = new Canary();
        using var other = new Canary();
        using var http = new GuardedHttp(EgressOptions.From($"localhost:{canary.Port}, 10.9.9.9"), TimeProvider.System);

        await http.CheckAsync($"http://localhost:{canary.Port}/", "url", Anyone with { Egress = false }, CancellationToken.None);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://localhost:{canary.Port}/");
        await Record.ExceptionAsync(() => http.SendAsync(request, TimeSpan.FromSeconds(5), CancellationToken.None));

        Assert.True(canary.WasReached);
        await http.CheckAsync("http://10.9.9.9:81/", "url", Anyone, CancellationToken.None);
        await Assert.ThrowsAsync<EgressRefusedError>(() => http.CheckAsync($"http://localhost:{other.Port}/", "url", Anyone, CancellationToken.None));
        await Assert.ThrowsAsync<ForbiddenError>(() => http.CheckAsync("http://8.8.8.8/", "url", Anyone with { Egress = false }, CancellationToken.None));
    }

    [Theory]
    [InlineData("host:0")]
    [InlineData("host:99999")]
    [InlineData("host:x")]
    public void A_list_that_makes_no_sense_is_refused_at_the_start(string entry) =>
        Assert.Throws<FormatException>(() => new GuardedHttp(EgressOptions.From(entry), TimeProvider.System));
}
