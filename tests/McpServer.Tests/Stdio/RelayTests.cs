using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Pipeline.McpServer.Tests.Stdio;

public sealed class RelayTests
{
    [Fact]
    public async Task Relays_that_start_at_once_share_one_owner()
    {
        using var home = new DataHome();
        await using var first = RelayProcess.Start(home.Data);
        await using var second = RelayProcess.Start(home.Data);
        await Task.WhenAll(first.InitializeAsync(), second.InitializeAsync());
        Assert.Equal(await first.OwnerAsync(), await second.OwnerAsync());
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task The_official_client_speaks_either_era(string version)
    {
        using var home = new DataHome();
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = RelayProcess.Program,
            Arguments = ["stdio", "--data", home.Data],
        });
        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = version });
        Assert.Equal(version, client.NegotiatedProtocolVersion);
        var result = await client.CallToolAsync("echo", new Dictionary<string, object?> { ["text"] = "hello" });
        Assert.Equal("hello", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    [Fact]
    public async Task A_killed_owner_costs_an_error_on_what_was_in_flight_and_nothing_else()
    {
        using var home = new DataHome();
        await using var relay = RelayProcess.Start(home.Data);
        await relay.InitializeAsync();
        var owner = await relay.OwnerAsync();
        await relay.RequestAsync("tools/call", new JsonObject { ["name"] = "wait", ["arguments"] = new JsonObject { ["seconds"] = 600 } });
        Assert.Equal(owner, await relay.OwnerAsync()); // Answered, so the waiting call has arrived too.
        DataHome.Kill(owner);
        var lost = await relay.NextAsync();
        Assert.Equal(3, (int)lost["id"]!);
        Assert.True((bool)lost["result"]!["isError"]!);
        Assert.Equal("owner_lost", (string)lost["result"]!["structuredContent"]!["code"]!);
        Assert.Equal(1, (int)lost["result"]!["structuredContent"]!["retry_after_seconds"]!);
        Assert.NotEqual(owner, await relay.OwnerAsync());
    }

    [Fact]
    public async Task The_end_of_input_ends_the_relay_and_answers_what_was_asked()
    {
        using var home = new DataHome();
        await using var relay = RelayProcess.Start(home.Data);
        await relay.InitializeAsync();
        await relay.RequestAsync("tools/list");
        Assert.Equal(0, await relay.LeaveAsync());
        Assert.NotNull((await relay.NextAsync())["result"]!["tools"]);
        await Assert.ThrowsAsync<EndOfStreamException>(relay.NextAsync);
    }

    [Fact]
    public async Task An_owner_ends_when_its_folder_goes()
    {
        using var home = new DataHome();
        await using var relay = RelayProcess.Start(home.Data);
        await relay.InitializeAsync();
        var owner = await relay.OwnerAsync();
        Assert.Equal(0, await relay.LeaveAsync());
        Assert.True(DataHome.Runs(owner));
        home.Dispose();
        await Eventually.TrueAsync(() => !DataHome.Runs(owner));
        Assert.False(Directory.Exists(home.Data));
    }

    [Fact]
    public async Task A_long_path_gets_its_socket_elsewhere()
    {
        using var home = new DataHome(depth: 4);
        await using var relay = RelayProcess.Start(home.Data);
        await relay.InitializeAsync();
        Assert.False(File.Exists(Path.Combine(home.Data, "mcp.sock")));
        Assert.True(DataHome.Runs(await relay.OwnerAsync()));
    }

    [Fact]
    public async Task In_process_owns_the_folder_itself()
    {
        using var home = new DataHome();
        await using var alone = RelayProcess.Start(home.Data, "--in-process");
        await alone.InitializeAsync();
        Assert.Equal(alone.Process.Id, await alone.OwnerAsync());
        await using var second = RelayProcess.Start(home.Data, "--in-process");
        await second.Process.WaitForExitAsync();
        Assert.Equal(1, second.Process.ExitCode);
        Assert.Equal(0, await alone.LeaveAsync());
    }

    [Fact]
    public async Task The_relay_loads_neither_the_web_server_nor_the_sdk()
    {
        using var home = new DataHome();
        await using var relay = RelayProcess.Start(home.Data);
        await relay.InitializeAsync();
        var maps = await File.ReadAllTextAsync($"/proc/{relay.Process.Id}/maps");
        Assert.Contains("pipeline-server.dll", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("AspNetCore", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("ModelContextProtocol", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("Pipeline.Tools", maps, StringComparison.Ordinal);
    }
}
