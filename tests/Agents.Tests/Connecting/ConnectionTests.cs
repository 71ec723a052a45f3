using Pipeline.Agents.Connecting;
using Pipeline.Agents.Tests.Serving;

namespace Pipeline.Agents.Tests.Connecting;

public sealed class ConnectionTests(Server shared) : IClassFixture<Server>
{
    [Fact]
    public async Task It_calls_and_reads_what_came()
    {
        await using var ada = shared.Connect("ada");

        await ada.ChangeAsync("create_workspace", new { workspace = "coast" }, "w", default);
        var written = await ada.ChangeAsync("put_asset", new { asset = "coast/a.txt", text = "hello", media_type = (string?)null }, "put", default);

        Assert.Equal(("coast/a.txt", 1), (written.Text("asset"), written.Whole("version")));
        Assert.Contains((await ada.ReadAsync("list_workspaces", new { }, default)).Objects("workspaces"), one => one.Text("workspace") == "coast");
    }

    [Fact]
    public async Task A_refusal_carries_its_code_and_facts()
    {
        await using var ada = shared.Connect("ada");

        var refusal = await Assert.ThrowsAsync<ToolRefused>(() => ada.ChangeAsync("put_asset", new { asset = "nowhere/a.txt", text = "x" }, "put nowhere", default));

        Assert.Equal(("not_found", "put_asset", "nowhere"), (refusal.Code, refusal.Tool, refusal.Facts!.Text("name")));
    }

    [Fact]
    public async Task The_same_intent_has_one_effect_also_for_another_connection()
    {
        await using var first = shared.Connect("ada");
        await using var again = shared.Connect("ada");
        await first.ChangeAsync("create_workspace", new { workspace = "twice" }, "twice", default);

        await first.ChangeAsync("put_asset", new { asset = "twice/a.txt", text = "x" }, "twice", default);
        var replayed = await again.ChangeAsync("put_asset", new { asset = "twice/a.txt", text = "x" }, "twice", default);

        Assert.Equal(1, replayed.Whole("version"));
    }

    [Fact]
    public async Task A_server_that_stays_away_is_told_of_once_while_it_is_tried_again()
    {
        var told = new List<string>();
        await using var ada = new Connection(ServerAddress.Http(new Uri("http://127.0.0.1:1")), "ada", TimeProvider.System, new Patience(TimeSpan.FromSeconds(25), Intent.Chance)) { Waits = told.Add };

        await Assert.ThrowsAsync<ServerUnreachable>(() => ada.ReadAsync("list_workspaces", new { }, default));

        Assert.Contains("http://127.0.0.1:1", Assert.Single(told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_outlives_the_server_it_was_sent_to()
    {
        await using var server = await Server.OpenAsync();
        await using var ada = server.Connect("ada");
        await using var bob = server.Connect("bob");
        await ada.ChangeAsync("create_workspace", new { workspace = "coast" }, "w", default);
        var held = await ada.ChangeAsync("acquire_lock", new { asset = "coast/a.txt", ttl_seconds = 60 }, "lock", default);
        var waits = bob.ChangeAsync("acquire_lock", new { asset = "coast/a.txt", wait_seconds = 40 }, "bobs-lock", default);
        await Task.Delay(300);

        await server.KillAsync();
        var release = ada.ChangeAsync("release_lock", new { lock_id = held.Text("lock_id") }, "unlock", default);
        await Task.Delay(300);
        await server.StartAsync();

        Assert.True((await release).Flag("released"));
        Assert.True((await waits).Whole("token") > held.Whole("token"));
    }

    [Fact]
    public async Task Patience_ends_with_where_the_server_should_be()
    {
        await using var server = await Server.OpenAsync();
        await using var ada = server.Connect("ada", outageSeconds: 0.5);
        await ada.ReadAsync("list_workspaces", new { }, default);
        await server.KillAsync();

        var failure = await Assert.ThrowsAsync<ServerUnreachable>(() => ada.ReadAsync("list_workspaces", new { }, default));

        Assert.Contains(server.Address.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_tool_is_no_lost_connection()
    {
        await using var ada = shared.Connect("ada");

        await Assert.ThrowsAnyAsync<Exception>(() => ada.ReadAsync("no_such_tool", new { }, default).WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task The_tools_of_the_server_are_functions_for_a_model()
    {
        await using var ada = shared.Connect("ada");

        Assert.Contains(await ada.ToolsAsync(default), tool => tool.Name == "query_index" && tool.Description.Length > 0);
    }
}
