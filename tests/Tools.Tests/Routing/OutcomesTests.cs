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

    private static Task<Breaker?> AdmitAsync(House house, string holder) =>
        house.Database.TransactAsync("film", tx => BreakersTable.AdmitAsync(tx, Remote, holder), CancellationToken.None);

    [Fact]
    public async Task After_a_rest_exactly_one_is_let_through()
    {
        await using var house = await RunHouse.OpenAsync(byHand: true);
        await NoteAsync(house.House, OutcomeKind.RateLimited, 30);
        Assert.NotNull(await AdmitAsync(house.House, "a"));

        house.Clock.Advance(TimeSpan.FromSeconds(31));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => AdmitAsync(house.House, "holder-" + i)));
        Assert.Single(answers, answer => answer is null);

        await NoteAsync(house.House, OutcomeKind.Failed);
        Assert.NotNull(await AdmitAsync(house.House, "b"));
        house.Clock.Advance(TimeSpan.FromSeconds(21));
        Assert.Null(await AdmitAsync(house.House, "b"));
        Assert.NotNull(await AdmitAsync(house.House, "b"));

        await NoteAsync(house.House, OutcomeKind.Succeeded);
        Assert.All(await Task.WhenAll(AdmitAsync(house.House, "c"), AdmitAsync(house.House, "d")), Assert.Null);
    }

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
