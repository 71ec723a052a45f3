namespace Pipeline.Reliability.Tests.Purchases;

public sealed class PurchaseTests
{
    [Fact]
    public async Task Nothing_is_paid_twice_or_lost_and_the_ledger_is_the_vendors_bill()
    {
        var verdict = await Short.RunAsync("purchases", seed: 41, count: 120);
        Assert.True(verdict.Holds, verdict.ToString());
        Assert.True(verdict.Figures["server_kills"]!.GetValue<int>() > 0, verdict.ToString());
        Assert.True(verdict.Figures["vendor_requests_at_fault"]!.GetValue<int>() > 10, verdict.ToString());
    }

    [Fact]
    public async Task When_a_call_of_unknown_outcome_is_made_again_the_checker_sees_it()
    {
        var verdict = await Short.RunAsync("purchases", seed: 42, count: 120, leaveOut: "doubt");
        Assert.False(verdict.Holds, verdict.ToString());
        Assert.True(verdict.Figures["bought_twice"]!.GetValue<int>() > 0, verdict.ToString());
    }
}
