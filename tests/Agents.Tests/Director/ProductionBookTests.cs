using Pipeline.Agents.Connecting;
using Pipeline.Agents.Director;
using Pipeline.Agents.Tests.Serving;

namespace Pipeline.Agents.Tests.Director;

public sealed class ProductionBookTests(Server server) : IClassFixture<Server>
{
    [Fact]
    public async Task What_was_left_is_found_by_its_run_or_as_the_newest_that_is_not_over()
    {
        await using var director = server.Connect("director");
        await director.ChangeAsync("create_workspace", new { workspace = "coast" }, "coast", default);
        var book = new ProductionBook(director, "coast");
        var (over, old, newest) = (Make("over") with { RunId = "run_1", Verdict = new Verdict(true, "rules", null, [], []) }, Make("old") with { RunId = "run_2" }, Make("newest"));
        foreach (var production in new[] { over, old, newest }) await book.SaveAsync(production, default);

        Assert.Equal(newest, await book.FindAsync(null, default));
        Assert.Equal("old", (await book.FindAsync("run_2", default))!.Title);
        Assert.Equal("rules", (await book.FindAsync("run_1", default))!.Verdict!.Method);
        Assert.Null(await book.FindAsync("run_9", default));
    }

    [Fact]
    public async Task A_production_is_kept_again_and_its_lock_given_back()
    {
        await using var director = server.Connect("director");
        await director.ChangeAsync("create_workspace", new { workspace = "again" }, "again", default);
        var book = new ProductionBook(director, "again");
        var production = Make("film");

        await book.SaveAsync(production, default);
        await book.SaveAsync(production with { RunId = "run_1", PlanId = "plan_1", Planner = "rules" }, default);

        Assert.Equal(("run_1", "plan_1"), (await book.FindAsync(null, default)) is { } found ? (found.RunId, found.PlanId) : default);
        Assert.Empty((await director.ReadAsync("list_locks", new { workspace = "again" }, default)).Objects("locks"));
    }

    private static Production Make(string title) => new() { ProductionId = Intent.Name("production"), Brief = "the lighthouse", Source = "coast/a.mp4", Title = title };
}
