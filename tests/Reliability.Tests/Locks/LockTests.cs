namespace Pipeline.Reliability.Tests.Locks;

/// <summary>The lock workloads in short. Their long form is <c>./pipeline bench chaos</c>.</summary>
public sealed class LockTests
{
    private const int Histories = 10;

    [Theory]
    [InlineData("lock-set", 1, 60)]
    [InlineData("lock-mix", 1, 300)]
    [InlineData("lock-fairness", 1, 300)]
    [InlineData("lock-deadlock", 1, 60)]
    [InlineData("lock-holders", 1, 20)]
    public async Task The_locks_hold_under_faults(string workload, int seed, int count)
    {
        var verdict = await Short.RunAsync(workload, seed, count);
        Assert.True(verdict.Holds, verdict.ToString());
    }

    [Fact]
    public async Task Without_the_fence_the_checker_sees_it_within_ten_histories()
    {
        for (var seed = 1; seed <= Histories; seed++)
        {
            var verdict = await Short.RunAsync("lock-set", seed, 60, leaveOut: "locks");
            if ((int)verdict.Figures["linearizability_violations"]! > 0)
            {
                Assert.False(verdict.Holds);
                return;
            }
        }

        Assert.Fail($"{Histories} histories without a fence, and nothing was found.");
    }
}
