using Microsoft.Extensions.DependencyInjection;
using Pipeline.Faults.Services;
using Pipeline.Index;
using Pipeline.Storage.State;
using Pipeline.Tools.Models;
using Pipeline.Tools.Routing;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Routing;

public sealed class OutcomesTests
{
    private static readonly ModelCard Remote = Catalogue.Shipped().Find("swift-video")!;

    private static Task NoteAsync(House house, OutcomeKind kind, double? retryAfter = null) => house.Database.TransactAsync("film", async tx =>
    {
        await OutcomesTable.AddAsync(tx, new(Remote.Provider, Remote.Id, kind, 1, retryAfter, null));
        return true;
    }, CancellationToken.None);

    private static Task<int> AdmitAsync(House house, int most = 1) =>
        house.Database.TransactAsync("/jobs", tx => BreakersTable.AdmitAsync(tx, Remote.Provider, Remote.Id, most), CancellationToken.None);

    [Fact]
    public async Task After_a_rest_exactly_one_is_let_through()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        Assert.Equal(7, await AdmitAsync(house.House, 7));
        await NoteAsync(house.House, OutcomeKind.RateLimited, 30);
        Assert.Equal(0, await AdmitAsync(house.House, 7));

        house.Clock.Advance(TimeSpan.FromSeconds(31));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AdmitAsync(house.House, 7)));
        Assert.Equal(1, answers.Sum());

        await NoteAsync(house.House, OutcomeKind.Unreachable);
        Assert.Equal(0, await AdmitAsync(house.House));
        house.Clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Equal(1, await AdmitAsync(house.House));
        Assert.Equal(0, await AdmitAsync(house.House));

        await NoteAsync(house.House, OutcomeKind.Succeeded);
        Assert.Equal((3, 3), (await AdmitAsync(house.House, 3), await AdmitAsync(house.House, 3)));
    }

    [Fact]
    public async Task Who_sends_goes_before_who_only_decided_and_a_try_that_nobody_needed_is_given_back()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        await NoteAsync(house.House, OutcomeKind.RateLimited, 30);
        house.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.True(await ReserveAsync("a"));
        Assert.False(await ReserveAsync("b"));

        Assert.Equal(1, await AdmitAsync(house.House));
        Assert.False(await ReserveAsync("a")); // its try has been made
        await house.House.Database.TransactAsync("/jobs", async tx => await BreakersTable.GiveBackAsync(tx, Remote.Provider, Remote.Id), CancellationToken.None);

        Assert.True(await ReserveAsync("b"));

        Task<bool> ReserveAsync(string holder) => house.House.Database.TransactAsync("film", tx => BreakersTable.ReserveProbeAsync(tx, Remote, holder), CancellationToken.None);
    }

    [Fact, Trait("needs", "services")]
    public async Task After_a_rest_exactly_one_of_two_nodes_is_let_through()
    {
        await using var server = TestPostgres.Create();
        await using var one = await NodeAsync(server);
        await using var two = await NodeAsync(server);
        await NoteAsync(one, OutcomeKind.RateLimited, 3_600);
        Assert.Equal((0, 0), (await AdmitAsync(one), await AdmitAsync(two)));

        await one.Database.TransactAsync("film", tx => tx.ExecuteAsync("update breakers set rests_until_ms=@NowMs, refused_until_ms=@NowMs", new { tx.NowMs }), CancellationToken.None);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => AdmitAsync(n % 2 == 0 ? one : two)));

        Assert.Equal(1, answers.Sum());
    }

    private static Task<House> NodeAsync(TestPostgres server) => House.OpenAsync(
        services => services.AddSingleton<IDatabase>(_ => PostgresDatabase.Open(new() { ConnectionString = server.ConnectionString, Prepare = PostgresVectorExtension.EnsureAsync, Writers = 4 })),
        onServices: false);

    [Fact]
    public async Task Old_outcomes_are_cleaned_away()
    {
        await using var house = await House.OpenAsync();
        await house.Database.TransactAsync("film", async tx =>
        {
            for (var i = 0; i < 2_000; i++) await OutcomesTable.AddAsync(tx, new("p", "m", OutcomeKind.Succeeded, 1, null, null));
            return true;
        }, CancellationToken.None);

        var kept = await house.Database.ReadAsync(query => OutcomesTable.OfModelAsync(query, "p", "m", 0, 5_000), CancellationToken.None);

        Assert.InRange(kept.Count, 1_000, 1_064);
    }
}
