using Pipeline.Reliability.Checking;

namespace Pipeline.Reliability.Tests.Checking;

/// <summary>Histories of pretended servers: those that keep the promise are always ok, those that break it are found.</summary>
public sealed class RandomHistoryTests
{
    private const int Histories = 10;

    private static readonly LinearizabilityChecker<PathState, PathAction> Checker = new(new LockedPath(), TimeProvider.System, TimeSpan.FromSeconds(60));

    [Theory]
    [InlineData(2, 300)]
    [InlineData(5, 300)]
    [InlineData(10, 500)]
    [InlineData(20, 1000)]
    public void A_server_that_keeps_the_promise_is_never_accused(int clients, int calls)
    {
        for (var seed = 0; seed < 2 * Histories; seed++)
        {
            var verdict = Assert.Single(Checker.Check(PretendRun.Of(seed, clients, calls, Flaw.None)));
            Assert.True(verdict.Finding == Finding.Ok, $"seed {seed}: {verdict.Finding} at {verdict.StuckOn}, {verdict.StateBefore}, {verdict.Configurations} configurations");
        }
    }

    [Theory]
    [InlineData(Flaw.WritesUnfenced)]
    [InlineData(Flaw.TwoHolders)]
    [InlineData(Flaw.TokensReused)]
    [InlineData(Flaw.LeasesShort)]
    [InlineData(Flaw.ReadsStale)]
    [InlineData(Flaw.WritesForgotten)]
    [InlineData(Flaw.ReleasesAnyones)]
    [InlineData(Flaw.RenewsTheDead)]
    public void A_server_that_breaks_it_is_found_within_ten_histories(Flaw flaw)
    {
        var findings = Enumerable.Range(0, Histories).Select(seed => Assert.Single(Checker.Check(PretendRun.Of(seed, 6, 400, flaw))).Finding).ToArray();
        Assert.Contains(Finding.Violated, findings);
        Assert.DoesNotContain(Finding.Undecided, findings);
    }

    [Fact]
    public void Ten_thousand_operations_of_twenty_clients_are_decided()
    {
        var verdict = Assert.Single(Checker.Check(PretendRun.Of(7, 20, 10_000, Flaw.None, lostShare: 0.005)));
        Assert.True(verdict.Finding == Finding.Ok, $"{verdict.Finding} after {verdict.Configurations} configurations at {verdict.StuckOn}");
        Assert.InRange(verdict.Configurations, 1, 200_000);
    }

    [Fact]
    public void A_key_that_is_wrong_does_not_blame_another()
    {
        var good = PretendRun.Of(1, 4, 100, Flaw.None);
        var bad = PretendRun.Of(1, 4, 100, Flaw.None).Select(operation => operation with { Key = "film/b" }).ToList();
        var read = bad.FindIndex(operation => operation.Action is Read { Reply: Reply.Done });
        bad[read] = bad[read] with { Action = new Read(Reply.Done, 0, "never written") };
        Assert.Equal([Finding.Ok, Finding.Violated], Checker.Check([.. good, .. bad]).Select(verdict => verdict.Finding));
    }

    [Fact]
    public void Without_time_it_says_that_it_does_not_know()
    {
        var hurried = new LinearizabilityChecker<PathState, PathAction>(new LockedPath(), TimeProvider.System, TimeSpan.Zero);
        Assert.Equal(Finding.Undecided, Assert.Single(hurried.Check(PretendRun.Of(3, 10, 2000, Flaw.None))).Finding);
    }
}
