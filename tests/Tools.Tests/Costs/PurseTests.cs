using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Pipeline.Faults.Services;
using Pipeline.Index;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Costs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Costs;

/// <summary>Reservations against budgets, at the table: what generation does, without a vendor.</summary>
public sealed class PurseTests
{
    [Fact]
    public async Task Sixty_four_callers_never_exceed_a_budget_and_none_starves()
    {
        await using var house = await House.OpenAsync();
        await RaceAsync(house);
    }

    [Fact, Trait("needs", "services")]
    public async Task Sixty_four_callers_on_two_nodes_never_exceed_a_budget_and_none_waits_in_a_circle()
    {
        await using var server = TestPostgres.Create();
        await using (var one = await NodeAsync(server))
        await using (var two = await NodeAsync(server))
        {
            await RaceAsync(one, two);
        }

        // Sessions tell of their deadlocks at the latest when they end.
        await using var connection = new NpgsqlConnection(server.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select deadlocks from pg_stat_database where datname=current_database()", connection);
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    // Each caller asks for 7 at a time from a budget of 1,000 that spans eight workspaces, and settles at less, more or not at all.
    private static async Task RaceAsync(params House[] nodes)
    {
        var house = nodes[0];
        await SetAsync(house, BudgetName.Provider("fal"), 1_000);
        await SetAsync(house, BudgetName.Agent("shared"), 100_000);
        for (var i = 0; i < 8; i++)
        {
            await SetAsync(house, BudgetName.Workspace($"w{i}"), 500);
        }

        long most = 0;
        var served = new int[64];
        await Task.WhenAll(Enumerable.Range(0, 64).Select(caller => Task.Run(async () =>
        {
            var workspace = $"w{caller % 8}";
            var node = nodes[(caller / 8) % nodes.Length];
            var purse = node.Get<Purse>();
            for (var call = 0; call < 6; call++)
            {
                var spending = new Spending(workspace, null, null, $"p{caller}", "shared", "fal", "m", $"{caller}/{call}");
                string id;
                try
                {
                    id = await node.Database.TransactAsync(workspace, async tx =>
                    {
                        var reserved = await purse.ReserveAsync(tx, spending, 7);
                        var standing = (await BudgetsTable.StandingAsync(tx, BudgetName.Provider("fal")))!;
                        InterlockedMax(ref most, standing.SpentMicros + standing.ReservedMicros);
                        return reserved;
                    }, CancellationToken.None);
                }
                catch (BudgetExceededError refused)
                {
                    served[caller]++;
                    Assert.Contains("budget", refused.Message, StringComparison.Ordinal);
                    continue;
                }

                await node.Database.TransactAsync(workspace, async tx =>
                {
                    await (call switch
                    {
                        0 => purse.SettleAsync(tx, id, 7),
                        1 => purse.SettleAsync(tx, id, caller % 7),
                        2 => purse.SettleAtBoundAsync(tx, id),
                        3 => purse.ReleaseAsync(tx, id),
                        _ => ValueTask.CompletedTask,
                    });
                    return true;
                }, CancellationToken.None);
                served[caller]++;
            }
        })));

        Assert.All(served, each => Assert.Equal(6, each));
        Assert.InRange(most, 990, 1_000);
        var (end, rows) = await house.Database.ReadAsync(async query => (
            (await BudgetsTable.StandingAsync(query, BudgetName.Provider("fal")))!,
            await query.QueryAsync<ReservationRow>("select state, bound_micros, actual_micros from reservations")), CancellationToken.None);
        Assert.Equal(rows.Sum(row => row.Spent), end.SpentMicros);
        Assert.Equal(rows.Sum(row => row.Reserved), end.ReservedMicros);
        Assert.InRange(end.SpentMicros + end.ReservedMicros, 0, 1_000);
    }

    [Fact]
    public async Task A_refused_call_reserves_nothing_anywhere_even_when_the_caller_goes_on()
    {
        await using var house = await House.OpenAsync();
        await SetAsync(house, BudgetName.Workspace("film"), 1_000);
        await SetAsync(house, BudgetName.Run("run_1"), 100);
        await house.Database.TransactAsync("film", async tx =>
        {
            var refused = await Assert.ThrowsAsync<BudgetExceededError>(async () => await house.Get<Purse>().ReserveAsync(tx, Of("run_1", "a"), 101));
            Assert.Equal("""{"budget":"run:run_1","limit_micros":100,"spent_micros":0,"reserved_micros":0,"asked_micros":101}""", Wire.Write(refused.Facts));
            return true;
        }, CancellationToken.None);
        Assert.Equal((0, 0), await StandingAsync(house, BudgetName.Workspace("film")));
    }

    [Fact]
    public async Task A_call_counts_in_the_period_in_which_it_began()
    {
        var clock = new HandClock();
        await using var house = await House.OpenAsync(services => services.AddSingleton<TimeProvider>(clock));
        await SetAsync(house, BudgetName.Workspace("film"), 100, BudgetPeriod.Day);
        var yesterday = await ReserveAsync(house, Of(null, null), 80);
        await Assert.ThrowsAsync<BudgetExceededError>(() => ReserveAsync(house, Of(null, null), 21));

        clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal((0, 0), await StandingAsync(house, BudgetName.Workspace("film")));
        await ReserveAsync(house, Of(null, null), 100);
        await DoAsync(house, (purse, tx) => purse.SettleAsync(tx, yesterday, 80));
        Assert.Equal((0, 100), await StandingAsync(house, BudgetName.Workspace("film")));
    }

    [Fact]
    public void Periods_begin_at_midnight_on_mondays_and_on_the_first()
    {
        var thursday = new DateTimeOffset(2026, 12, 31, 23, 59, 59, 999, TimeSpan.Zero).ToUnixTimeMilliseconds();
        Assert.Equal((At(2026, 12, 31), At(2027, 1, 1)), (BudgetPeriods.StartMs(BudgetPeriod.Day, thursday), BudgetPeriods.EndMs(BudgetPeriod.Day, thursday)));
        Assert.Equal((At(2026, 12, 28), At(2027, 1, 4)), (BudgetPeriods.StartMs(BudgetPeriod.Week, thursday), BudgetPeriods.EndMs(BudgetPeriod.Week, thursday)));
        Assert.Equal((At(2026, 12, 1), At(2027, 1, 1)), (BudgetPeriods.StartMs(BudgetPeriod.Month, thursday), BudgetPeriods.EndMs(BudgetPeriod.Month, thursday)));
        Assert.Equal((0L, null), (BudgetPeriods.StartMs(BudgetPeriod.Total, thursday), BudgetPeriods.EndMs(BudgetPeriod.Total, thursday)));

        static long At(int year, int month, int day) => new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
    }

    [Fact]
    public async Task What_was_reserved_before_a_crash_is_held_after_it_and_settled_once()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-purse-").FullName;
        string id;
        await using (var house = await House.OpenAsync(folder: folder))
        {
            await SetAsync(house, BudgetName.Workspace("film"), 100);
            id = await ReserveAsync(house, Of(null, null), 60);
        }

        await using (var house = await House.OpenAsync(folder: folder))
        {
            Assert.Equal((0, 60), await StandingAsync(house, BudgetName.Workspace("film")));
            await Assert.ThrowsAsync<BudgetExceededError>(() => ReserveAsync(house, Of(null, null), 41));
            Assert.Equal([id], (await house.Database.ReadAsync(query => ReservationsTable.OpenAsync(query, "film"), CancellationToken.None)).Select(row => row.ReservationId));
            await DoAsync(house, (purse, tx) => purse.SettleAtBoundAsync(tx, id));
            Assert.Equal((60, 0), await StandingAsync(house, BudgetName.Workspace("film")));
            await DoAsync(house, (purse, tx) => purse.SettleAsync(tx, id, 25));
            await DoAsync(house, (purse, tx) => purse.SettleAsync(tx, id, 25));
            await DoAsync(house, (purse, tx) => purse.SettleAtBoundAsync(tx, id));
            Assert.Equal((25, 0), await StandingAsync(house, BudgetName.Workspace("film")));
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_bill_above_the_bound_counts_whole_and_is_told()
    {
        await using var house = await House.OpenAsync();
        await SetAsync(house, BudgetName.Workspace("film"), 10);
        var id = await ReserveAsync(house, Of("run_1", "a"), 10);
        await DoAsync(house, (purse, tx) => purse.SettleAsync(tx, id, 12));
        Assert.Equal((12, 0), await StandingAsync(house, BudgetName.Workspace("film")));
        Assert.Equal(1, await house.Database.ReadAsync(query => query.FirstAsync<long>("select count(*) from events where kind='budget.bound_exceeded'"), CancellationToken.None));
    }

    [Fact]
    public async Task A_budget_that_comes_later_counts_what_went_before_and_what_goes_on()
    {
        await using var house = await House.OpenAsync();
        var open = await ReserveAsync(house, Of("run_1", "cut[3]"), 40);
        await DoAsync(house, (purse, tx) => purse.SpendAsync(tx, Of("run_1", "cut[4]"), 5));
        await DoAsync(house, (purse, tx) => purse.SpendAsync(tx, Of("run_1", "cutter"), 1_000));
        await SetAsync(house, BudgetName.Step("run_1", "cut"), 50);
        Assert.Equal((5, 40), await StandingAsync(house, BudgetName.Step("run_1", "cut")));
        await Assert.ThrowsAsync<BudgetExceededError>(() => ReserveAsync(house, Of("run_1", "cut[5]"), 6));
        Assert.Equal(5, await house.Database.ReadAsync(query => Purse.LeftAsync(query, Of("run_1", "cut[9]")), CancellationToken.None));
        Assert.Null(await house.Database.ReadAsync(query => Purse.LeftAsync(query, Of("run_2", "cut[9]")), CancellationToken.None));
        await DoAsync(house, (purse, tx) => purse.ReleaseAsync(tx, open));
        await ReserveAsync(house, Of("run_1", "cut[5]"), 45);
    }

    [Theory]
    [InlineData("agent:me")]
    [InlineData("agent:cutter")]
    [InlineData("agent:me/cutter")]
    [InlineData("provider:fal")]
    [InlineData("run:run_1")]
    [InlineData("step:run_1/mend")]
    [InlineData("workspace:film")]
    public async Task Every_kind_of_budget_stops_a_call_and_lets_what_is_free_pass(string budget)
    {
        await using var house = await House.OpenAsync();
        await ReserveAsync(house, Of("run_1", "mend:cut[0]:1"), 10);
        await SetAsync(house, budget, 5);
        Assert.Equal((0, 10), await StandingAsync(house, budget));
        await Assert.ThrowsAsync<BudgetExceededError>(() => ReserveAsync(house, Of("run_1", "mend:cut[0]:1"), 1));
        await ReserveAsync(house, Of("run_1", "mend:cut[0]:1"), 0);
    }

    private static Task<House> NodeAsync(TestPostgres server) => House.OpenAsync(
        services => services.AddSingleton<IDatabase>(_ => PostgresDatabase.Open(new() { ConnectionString = server.ConnectionString, Prepare = PostgresVectorExtension.EnsureAsync, Writers = 4 })),
        onServices: false);

    private static Spending Of(string? run, string? step) => new("film", run, step, "me", "cutter", "fal", "m", "intent");

    private static Task<BudgetRow> SetAsync(House house, string budget, long limit, BudgetPeriod period = BudgetPeriod.Total) =>
        house.Database.TransactAsync(tx => BudgetsTable.SetAsync(tx, budget, limit, period, null), CancellationToken.None);

    private static Task<string> ReserveAsync(House house, Spending spending, long bound) =>
        house.Database.TransactAsync(spending.Workspace, tx => house.Get<Purse>().ReserveAsync(tx, spending, bound), CancellationToken.None);

    private static Task DoAsync(House house, Func<Purse, ITransaction, ValueTask> act) => house.Database.TransactAsync("film", async tx =>
    {
        await act(house.Get<Purse>(), tx);
        return true;
    }, CancellationToken.None);

    private static async Task<(long Spent, long Reserved)> StandingAsync(House house, string budget)
    {
        var row = (await house.Database.ReadAsync(query => BudgetsTable.StandingAsync(query, budget), CancellationToken.None))!;
        return (row.SpentMicros, row.ReservedMicros);
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Interlocked.Read(ref most); value > seen; seen = Interlocked.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
