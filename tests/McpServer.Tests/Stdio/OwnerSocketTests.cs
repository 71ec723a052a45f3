using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Stdio;
using Pipeline.McpServer.TestHost;

namespace Pipeline.McpServer.Tests.Stdio;

public sealed class OwnerSocketTests
{
    [Fact]
    public async Task A_greeting_can_only_narrow()
    {
        using var home = new DataHome();
        var seen = new TaskCompletionSource<Connection>();
        await using var composition = SampleComposition.Create(connection => seen.TrySetResult(connection));
        var limits = new ConnectionLimits { Toolsets = ["storage", "locks"], ImportRoots = ["/srv/in"], ReadOnly = false };
        await using var owner = Listen(home, composition, new OwnerSocketOptions { Limits = limits });
        using var client = Connect(owner);
        await client.SendAsync(Encoding.UTF8.GetBytes(
            """{"protocol":1,"build":5,"agent":"ann","toolsets":["locks","admin"],"read_only":true,"import_roots":["/srv/in/a","/srv/inner","/"]}""" + "\n"));
        Assert.True((bool)(await AnswerAsync(client))["ok"]!);
        var connection = await seen.Task;
        Assert.Equal("ann", connection.Caller.PrincipalFor("anyone"));
        Assert.Equal(["locks"], connection.Limits.Toolsets!);
        Assert.True(connection.Limits.ReadOnly);
        Assert.Equal(["/srv/in/a", "/srv/in"], connection.Limits.ImportRoots);
    }

    [Theory]
    [InlineData("""{"protocol":2}""", "protocol_mismatch")]
    [InlineData("nonsense", "invalid_hello")]
    [InlineData("""{"protocol":1,"build":11}""", "draining")]
    public async Task What_is_no_greeting_for_it_is_refused(string line, string code)
    {
        using var home = new DataHome();
        await using var composition = SampleComposition.Create();
        await using var owner = Listen(home, composition, new OwnerSocketOptions { Build = 10, GivesWay = true });
        using var client = Connect(owner);
        await client.SendAsync(Encoding.UTF8.GetBytes(line + "\n"));
        var answer = await AnswerAsync(client);
        Assert.Equal(code, (string)answer["code"]!);
        Assert.Equal(Environment.ProcessId, (int)answer["owner_pid"]!);
        Assert.Equal(code == "draining", owner.Replaced.IsCompleted);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(owner.Path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task Draining_lets_a_call_finish()
    {
        using var home = new DataHome();
        await using var composition = SampleComposition.Create();
        await using var owner = Listen(home, composition, new OwnerSocketOptions());
        using var client = Connect(owner);
        await client.SendAsync("""{"protocol":1}"""u8.ToArray().Append((byte)'\n').ToArray());
        await AnswerAsync(client);
        await client.SendAsync(Encoding.UTF8.GetBytes(
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"raw","version":"1"}}}""" + "\n"));
        await AnswerAsync(client);
        await client.SendAsync(Encoding.UTF8.GetBytes(
            """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"wait","_meta":{"progressToken":"p"},"arguments":{"seconds":0.5}}}""" + "\n"));
        Assert.Equal("notifications/progress", (string)(await AnswerAsync(client))["method"]!);
        var draining = owner.DrainAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (int)(await AnswerAsync(client))["id"]!);
        await draining;
        await Eventually.TrueAsync(() => owner.Clients == 0);
    }

    [Fact]
    public async Task A_lone_owner_stays_while_work_is_left()
    {
        using var home = new DataHome();
        var work = true;
        await using var composition = SampleComposition.Create();
        await using var owner = Listen(home, composition, new OwnerSocketOptions());
        await File.WriteAllTextAsync(Path.Combine(home.Data, "owner.lock"), "");
        var asked = 0;
        var lifetime = new OwnerLifetime(
            home.Data, owner, _ => { asked++; return ValueTask.FromResult(work); }, TimeSpan.FromMilliseconds(30), TimeSpan.FromMilliseconds(10), TimeProvider.System);
        var end = lifetime.WaitAsync(default);
        await Eventually.TrueAsync(() => asked > 3);
        Assert.False(end.IsCompleted);
        work = false;
        Assert.Equal(OwnerEnd.Idle, await end);
    }

    private static OwnerSocket Listen(DataHome home, Composition composition, OwnerSocketOptions options)
    {
        Directory.CreateDirectory(home.Data);
        return OwnerSocket.Listen(home.Data, options, composition);
    }

    private static Socket Connect(OwnerSocket owner)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(owner.Path));
        return socket;
    }

    private static async Task<JsonNode> AnswerAsync(Socket socket)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await socket.ReceiveAsync(one) == 1 && one[0] != (byte)'\n')
        {
            line.Add(one[0]);
        }

        return JsonNode.Parse(line.ToArray())!;
    }
}
