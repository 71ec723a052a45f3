using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>What a human says of a call, and who may say it.</summary>
public sealed class ResolveJobTests
{
    [Fact]
    public async Task Who_gave_its_organization_away_says_nothing_of_its_bills_any_more()
    {
        var vendor = new ScriptedVendor { OnSubmit = (_, _, _) => Task.FromResult(new Submission(SubmissionClass.Ambiguous)) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var lost = await house.BuyAsync("one");
        var owner = await house.House.ConnectAsync("owner");
        var offer = await house.Client.CallAsync("transfer_ownership", new { organization = "default", to = "owner" });
        await owner.CallAsync("transfer_ownership", new { organization = "default", claim_token = offer.Text("claim_token") });

        await house.Client.RefusedAsync("resolve_job", new { job_id = lost.Text("job_id"), verdict = "not_billed" }, "forbidden");
        await owner.CallAsync("resolve_job", new { job_id = lost.Text("job_id"), verdict = "not_billed" });
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    public async Task A_human_names_a_vendors_job_by_something_that_can_be_one(string name)
    {
        var vendor = new ScriptedVendor { OnSubmit = (_, _, _) => Task.FromResult(new Submission(SubmissionClass.Ambiguous)) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var lost = await house.BuyAsync("one");

        await house.Client.RefusedAsync("resolve_job", new { job_id = lost.Text("job_id"), verdict = "running", vendor_job_id = name }, "invalid_argument");
        await house.Client.RefusedAsync("resolve_job", new { job_id = lost.Text("job_id"), verdict = "running", vendor_job_id = new string('a', 5000) }, "invalid_argument");
        await house.Client.RefusedAsync("resolve_job", new { job_id = lost.Text("job_id"), verdict = "billed", cost_micros = long.MaxValue }, "invalid_argument");
    }
}
