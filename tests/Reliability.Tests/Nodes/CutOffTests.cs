namespace Pipeline.Reliability.Tests.Nodes;

/// <summary>Nodes in networks of their own, whose wires are cut. Where the system lets nobody make such networks, nothing is played and that is said.</summary>
[Trait("needs", "services")]
public sealed class CutOffTests
{
    [Fact]
    public async Task Nodes_that_are_cut_off_lose_nothing_do_nothing_twice_and_come_back()
    {
        var verdict = await Short.RunAsync("cut-offs", seed: 43, count: 30);
        Assert.True(verdict.Holds, verdict.ToString());
        var (played, missing) = (verdict.Figures["cut_offs"]!.GetValue<int>(), (string?)verdict.Figures["cut_offs_not_played"]);
        Assert.True(played > 0 == missing is null, verdict.ToString());
        Assert.Equal(played, (int?)verdict.Figures["back_after_cut_off"]!["count"] ?? 0);
    }
}
