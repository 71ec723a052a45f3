namespace Pipeline.Reliability.Tests.Runs;

public sealed class CycleTests
{
    [Fact]
    public async Task Runs_survive_kills_with_every_result_and_every_charge_counted_once()
    {
        var verdict = await Short.RunAsync("cycles", seed: 31, count: 8);
        Assert.True(verdict.Holds, verdict.ToString());
    }

    [Theory]
    [InlineData("commit", 32)]
    [InlineData("waste", 33)]
    public async Task Without_a_guard_the_checker_sees_it(string guard, int seed)
    {
        var verdict = await Short.RunAsync("cycles", seed, count: 6, leaveOut: guard);
        Assert.False(verdict.Holds, verdict.ToString());
    }
}
