namespace Pipeline.Reliability.Tests.Nodes;

/// <summary>Three nodes on a PostgreSQL server of their own and a bucket.</summary>
[Trait("needs", "services")]
public sealed class NodesTests
{
    [Fact]
    public async Task Whatever_fails_below_and_beside_them_nodes_lose_nothing_and_do_nothing_twice()
    {
        var verdict = await Short.RunAsync("nodes", seed: 41, count: 30);
        Assert.True(verdict.Holds, verdict.ToString());
        Assert.True(verdict.Figures["server_kills"]!.GetValue<int>() > 0, verdict.ToString());
        Assert.True(verdict.Figures["events_followed"]!.GetValue<int>() > 0, verdict.ToString());
    }

    [Fact]
    public async Task Without_a_guard_the_checker_sees_it()
    {
        var verdict = await Short.RunAsync("nodes", seed: 42, count: 5, leaveOut: "waste,commit");
        Assert.False(verdict.Holds, verdict.ToString());
    }
}
