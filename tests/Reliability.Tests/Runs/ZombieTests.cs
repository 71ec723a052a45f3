namespace Pipeline.Reliability.Tests.Runs;

public sealed class ZombieTests
{
    [Fact]
    public async Task Every_report_and_write_of_a_superseded_claim_is_refused_and_changes_nothing()
    {
        var verdict = await Short.RunAsync("zombies", seed: 11, count: 200);
        Assert.True(verdict.Holds, verdict.ToString());
        Assert.Equal(verdict.Figures["late_calls"]!.GetValue<int>(), verdict.Figures["superseded"]!.GetValue<int>());
    }

    [Fact]
    public async Task Without_the_generation_check_the_checker_sees_it()
    {
        var verdict = await Short.RunAsync("zombies", seed: 12, count: 32, leaveOut: "claims");
        Assert.False(verdict.Holds, verdict.ToString());
        Assert.Contains(verdict.Violations, violation => violation.Contains("changed under", StringComparison.Ordinal));
    }
}
