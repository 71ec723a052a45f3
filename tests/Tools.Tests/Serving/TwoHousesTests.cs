using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Pipeline.Faults.Services;
using Pipeline.Index;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Locks;
using Pipeline.Tools.Tests.Locks;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Tests.Serving;

/// <summary>Two nodes over one database, and one whose database is out of reach.</summary>
[Trait("needs", "services")]
public sealed class TwoHousesTests : IAsyncDisposable
{
    private readonly TestPostgres _server = TestPostgres.Create();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_wait_on_one_node_is_ended_by_a_release_on_the_other()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        var (ada, bob) = (await one.ConnectAsync("ada"), await two.ConnectAsync("bob"));
        await ada.CallAsync("create_workspace", new { workspace = "film" });
        var held = await ada.AcquireAsync("film/a");
        var waiting = bob.AcquireAsync("film/a", wait: 40);
        while (await one.Database.ReadAsync(query => LockWaitersTable.NodesAsync(query, ""), CancellationToken.None) is [])
        {
            await Task.Delay(10);
        }

        await ada.CallAsync("release_lock", new { lock_id = held.GetProperty("lock_id").GetString() });

        Assert.Equal(held.GetProperty("token").GetInt64() + 1, (await waiting).GetProperty("token").GetInt64());
    }

    [Fact]
    public async Task Calls_of_a_node_that_died_hold_nobody_up()
    {
        await using var house = await OpenAsync();
        var ada = await house.ConnectAsync("ada");
        await ada.CallAsync("create_workspace", new { workspace = "film" });
        var died = PostgresDatabase.Open(Options(_server.ConnectionString));
        await died.MigrateAsync([], CancellationToken.None);
        await died.TransactAsync("film", tx => LockWaitersTable.InsertAsync(
            tx, new([AssetName.Parse("film/a")], false, LockMode.Exclusive, 60_000, null, "dead", "dead"), "wait_dead", died.Node, tx.NowMs + 3_600_000), CancellationToken.None);
        await ada.RefusedAsync("acquire_lock", new { asset = "film/a" }, "lock_held");
        await died.DisposeAsync();
        using var ending = new CancellationTokenSource();
        var sweeping = house.GetAll<IBackgroundWork>().OfType<GoneWaiters>().Single().RunAsync(ending.Token);

        await ada.AcquireAsync("film/a", wait: 40);
        await ending.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sweeping);
    }

    [Fact]
    public async Task Without_its_database_a_node_says_what_to_do()
    {
        var direct = new NpgsqlConnectionStringBuilder(_server.ConnectionString);
        using var wire = new CutProxy(direct.Host!, direct.Port);
        direct.Port = wire.Port;
        await using var house = await House.OpenAsync(services => services.AddSingleton<IDatabase>(_ => PostgresDatabase.Open(Options(direct.ToString(), retrySeconds: 1))), onServices: false);
        var client = await house.ConnectAsync();
        wire.GoAway();

        var error = await client.RefusedAsync("create_workspace", new { workspace = "film" }, "storage_unavailable");
        Assert.True(error.GetProperty("retry_after_seconds").GetDouble() > 0);
        wire.ComeBack();
        await client.CallAsync("create_workspace", new { workspace = "film" });
    }

    private static PostgresOptions Options(string connection, double retrySeconds = 15) =>
        new() { ConnectionString = connection, Prepare = PostgresVectorExtension.EnsureAsync, RetryFor = TimeSpan.FromSeconds(retrySeconds), Writers = 2 };

    private Task<House> OpenAsync() => House.OpenAsync(services => services.AddSingleton<IDatabase>(_ => PostgresDatabase.Open(Options(_server.ConnectionString))), onServices: false);
}
