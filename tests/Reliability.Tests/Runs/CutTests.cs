namespace Pipeline.Reliability.Tests.Runs;

public sealed class CutTests
{
    [Fact]
    public async Task A_call_whose_answer_was_lost_gets_the_same_answer_when_it_is_sent_again()
    {
        var verdict = await Short.RunAsync("cuts", seed: 7, count: 120);
        Assert.True(verdict.Holds, verdict.ToString());
    }

    [Fact]
    public async Task Without_stored_answers_the_checker_sees_it()
    {
        var verdict = await Short.RunAsync("cuts", seed: 8, count: 24, leaveOut: "keys");
        Assert.False(verdict.Holds, verdict.ToString());
    }
}
