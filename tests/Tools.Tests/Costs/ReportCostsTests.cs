using Pipeline.Tools.Costs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Costs;

public sealed class ReportCostsTests
{
    [Fact]
    public async Task Accepted_and_wasted_make_up_every_charge()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        await house.Database.TransactAsync(async tx =>
        {
            await CostsTable.AddAsync(tx, new() { Workspace = "film", StepId = "a", Model = "m1", CostMicros = 700, PremiumMicros = 1000 });
            await CostsTable.AddAsync(tx, new() { Workspace = "film", StepId = "a", Model = "m2", CostMicros = 50, Waste = "timeout" });
            await CostsTable.AddAsync(tx, new() { Workspace = "film", StepId = "b", Model = "m1", CostMicros = 25 });
            await MovementsTable.AddAsync(tx, new() { Workspace = "film", Tool = "t", Asset = "film/a", SourceBytes = 1000, BytesRead = 10, BytesWritten = 10 });
            return await MovementsTable.AddAsync(tx, new() { Workspace = "film", Tool = "t", Asset = "film/a", SourceBytes = 5000, BytesRead = null, BytesWritten = 10 });
        }, CancellationToken.None);

        var report = await client.CallAsync("report_costs", new { workspace = "film", group_by = "model" });

        Assert.Equal(775, report.GetProperty("cost_micros").GetInt64());
        Assert.Equal(725, report.GetProperty("accepted_micros").GetInt64());
        Assert.Equal(50, report.GetProperty("waste_micros").GetInt64());
        Assert.Equal(300, report.GetProperty("saved_micros").GetInt64());
        Assert.Equal(990, report.GetProperty("saved_bytes").GetInt64());
        Assert.Equal("timeout", report.GetProperty("waste")[0].GetProperty("reason").GetString());
        Assert.Equal(["m1", "m2"], report.GetProperty("totals").EnumerateArray().Select(total => total.GetProperty("key").GetString()));
    }

    [Fact]
    public async Task It_wants_a_workspace_or_a_run()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();

        await client.RefusedAsync("report_costs", new { }, "invalid_argument");
        await client.RefusedAsync("report_costs", new { run_id = "run_none" }, "not_found");
        await client.RefusedAsync("report_costs", new { workspace = "film", group_by = "colour" }, "invalid_argument");
    }
}
