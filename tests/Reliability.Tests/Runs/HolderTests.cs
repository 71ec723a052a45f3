namespace Pipeline.Reliability.Tests.Runs;

public sealed class HolderTests
{
    [Fact]
    public async Task The_step_of_a_killed_worker_passes_to_another()
    {
        var verdict = await Short.RunAsync("holders", seed: 21, count: 16);
        Assert.True(verdict.Holds, verdict.ToString());
        Assert.Equal(16, verdict.Figures["steps_freed"]!.GetValue<int>());
    }

    [Fact]
    public async Task When_nobody_looks_for_leases_that_ran_out_the_checker_sees_it()
    {
        var verdict = await Short.RunAsync("holders", seed: 22, count: 1, leaveOut: "expiry");
        Assert.False(verdict.Holds, verdict.ToString());
    }
}
