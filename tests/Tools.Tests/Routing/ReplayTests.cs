using Pipeline.Tools.Contract;
using Pipeline.Tools.Models;
using Pipeline.Tools.Routing;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Routing;

public sealed class ReplayTests
{
    [Fact]
    public void Ten_thousand_stored_decisions_come_out_the_same_from_their_documents()
    {
        var field = new RoutingField(7);
        var cards = field.Cards(40);
        var catalogue = new Catalogue(cards);
        var (decided, same) = (0, 0);
        var document = catalogue.Document;
        var again = Catalogue.FromDocument(document);
        Assert.Equal(catalogue.Sha256, again.Sha256);
        while (decided < 10_000)
        {
            var given = new DecisionGiven(field.Request(cards), field.State(cards));
            if (Decided(given, catalogue) is not { } stored) continue;
            decided++;
            if (Replay.IsSame(Wire.Write(given), stored, again)) same++;
        }

        Assert.Equal(10_000, same);
    }

    [Fact]
    public void The_order_of_the_cards_does_not_matter()
    {
        var field = new RoutingField(8);
        var cards = field.Cards(60);
        var (one, other) = (new Catalogue(cards), new Catalogue(field.Shuffled(cards)));
        for (var i = 0; i < 500; i++)
        {
            var given = new DecisionGiven(field.Request(cards), field.State(cards));
            var state = given.State with { Health = field.Shuffled(given.State.Health).ToDictionary() };

            Assert.Equal(Decided(given, one), Decided(given with { State = state }, other));
        }
    }

    [Fact]
    public void A_changed_input_is_noticed()
    {
        var field = new RoutingField(9);
        var cards = field.Cards(40);
        var catalogue = new Catalogue(cards);
        var given = new DecisionGiven(field.Request(cards), field.State(cards));
        var stored = Wire.Write(Router.Choose(given.Request, catalogue, given.State));
        var chosen = Router.Choose(given.Request, catalogue, given.State).Model;
        var changed = given with { Request = given.Request with { Constraints = given.Request.Constraints with { Exclude = [chosen] } } };

        Assert.True(Replay.IsSame(Wire.Write(given), stored, catalogue));
        Assert.False(Replay.IsSame(Wire.Write(changed), stored, catalogue));
    }

    [Fact]
    public async Task What_the_server_stored_can_be_made_again()
    {
        await using var house = await RunHouse.OpenAsync();
        var worker = await house.WorkerAsync("ann");
        var run = await house.StartAsync("""{"id": "shot", "capability": "generate_video", "inputs": {"prompt": "a door", "output": "film/b.mp4"}}""");
        await worker.TakeAsync("generate_video");
        await worker.CallAsync("route_step", new { run_id = run, step_id = "shot" });
        await worker.CallAsync("route_step", new { capability = "denoise", inputs = new { asset = "film/a.mp4" } });

        var rows = await house.House.Database.ReadAsync(query => DecisionsTable.NewestAsync(query, 10), CancellationToken.None);

        Assert.Equal(2, rows.Count);
        foreach (var row in rows)
        {
            var catalogue = await house.House.Database.ReadAsync(query => CataloguesTable.FindAsync(query, row.Catalogue!), CancellationToken.None);
            Assert.True(Replay.IsSame(row.Given!, row.Document, catalogue!));
        }
    }

    private static string? Decided(DecisionGiven given, Catalogue catalogue)
    {
        try
        {
            return Wire.Write(Router.Choose(given.Request, catalogue, given.State));
        }
        catch (NoModelError)
        {
            return null;
        }
    }
}
