namespace Pipeline.Reliability.Tests.Webhooks;

public sealed class WebhookDeliveryTests
{
    [Fact]
    public async Task Every_event_arrives_and_none_that_was_undone_whatever_is_killed()
    {
        var verdict = await Short.RunAsync("webhooks", seed: 21, count: 900);
        Assert.True(verdict.Holds, verdict.ToString());
        Assert.True(verdict.Figures["server_kills"]!.GetValue<int>() > 0, verdict.ToString());
    }

    [Fact]
    public async Task With_the_outbox_outside_the_transaction_the_checker_sees_it()
    {
        var verdict = await Short.RunAsync("webhooks", seed: 22, count: 60, leaveOut: "outbox");
        Assert.False(verdict.Holds, verdict.ToString());
        Assert.True(verdict.Figures["phantoms"]!.GetValue<int>() > 0, verdict.ToString());
    }
}
