using Npgsql;
using Pipeline.Faults.Services;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Serving;

namespace Pipeline.Reliability.Tests.Nodes;

/// <summary>Nodes in networks of their own, whose wires are cut. Where the system lets nobody make such networks, nothing is played and that is said.</summary>
[Trait("needs", "services")]
public sealed class CutOffTests
{
    [Fact]
    public async Task Nodes_that_are_cut_off_lose_nothing_do_nothing_twice_and_come_back()
    {
        var verdict = await Short.RunAsync("cut-offs", seed: 43, count: 30);
        Assert.True(verdict.Holds, verdict.ToString());
        var (played, missing) = (verdict.Figures["cut_offs"]!.GetValue<int>(), (string?)verdict.Figures["cut_offs_not_played"]);
        Assert.True(played > 0 == missing is null, verdict.ToString());
        Assert.Equal(played, (int?)verdict.Figures["back_after_cut_off"]!["count"] ?? 0);
    }

    // What was sent to it and not taken would keep a session alive for a quarter of an hour, and with it the node's name among those who live.
    [Fact]
    public async Task The_database_lets_go_of_a_node_that_is_cut_off_though_it_is_told_things_all_the_time()
    {
        await using var networks = await OwnNetworks.TryMakeAsync(1);
        if (networks.Missing is { } missing)
        {
            Assert.NotEmpty(missing);
            return;
        }

        var folder = Directory.CreateTempSubdirectory("pipeline-rig-");
        try
        {
            await CutOffWhileToldAsync(Path.Combine(folder.FullName, "history.jsonl"), folder.CreateSubdirectory("node").FullName, networks.All[0]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task CutOffWhileToldAsync(string history, string folder, OwnNetwork network)
    {
        await using var database = await PostgresServer.StartAsync();
        using var recorder = new Recorder(history);
        await using var node = new ServerProcess(Path.Combine(folder, "data"), recorder, null, network);
        node.Environment["PIPELINE_POSTGRES"] = database.ConnectionString;
        await node.StartAsync();
        await using var superuser = NpgsqlDataSource.Create(database.ConnectionString);
        var address = network.Address.ToString();
        var channel = Assert.IsType<string>(await AskAsync(superuser, "select substring(query from 'listen (\\w+)') from pg_stat_activity where client_addr=@address::inet and query like 'listen %'", address));

        await network.CutAsync();
        for (var until = RigClock.NowNs + 120_000_000_000; await SessionsAsync(superuser, address) is > 0 and var left; await Task.Delay(200))
        {
            Assert.True(RigClock.NowNs < until, $"{left} sessions of a node that was cut off two minutes ago are still there.");
            await AskAsync(superuser, $"select pg_notify('{channel}', @address)::text", "[\"another node\"]");
        }

        await network.JoinAsync();
        Assert.True(await node.IsReadyAsync(TimeSpan.FromMinutes(2)), string.Join('\n', node.Complaints));
        Assert.True(await SessionsAsync(superuser, address) > 0);
    }

    private static async Task<long> SessionsAsync(NpgsqlDataSource superuser, string address) =>
        (long)(await AskAsync(superuser, "select count(*) from pg_stat_activity where client_addr=@address::inet", address))!;

    private static async Task<object?> AskAsync(NpgsqlDataSource superuser, string sql, string address)
    {
        await using var command = superuser.CreateCommand(sql);
        command.Parameters.AddWithValue("address", address);
        return await command.ExecuteScalarAsync();
    }
}
