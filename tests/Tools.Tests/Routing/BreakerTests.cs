using Pipeline.Tools.Routing;

namespace Pipeline.Tools.Tests.Routing;

public sealed class BreakerTests
{
    private const long Now = 1_900_000_000_000;
    private const long DayMs = 24L * 60 * 60 * 1000;

    private static ModelOutcome Outcome(OutcomeKind kind, double? retryAfter = null, string? code = null) => new("p", "m", kind, null, retryAfter, code);

    private static Breaker Play(Breaker breaker, long now, params OutcomeKind[] kinds)
    {
        var lately = new List<OutcomeKind>();
        foreach (var kind in kinds)
        {
            lately.Add(kind);
            breaker = breaker.After(Outcome(kind), lately, now);
        }

        return breaker;
    }

    [Fact]
    public void A_rate_limit_rests_at_once_for_as_long_as_was_asked()
    {
        Assert.Equal(Now + 7_000, Breaker.Closed.After(Outcome(OutcomeKind.RateLimited, 7), [OutcomeKind.RateLimited], Now).RestsUntilMs);
        Assert.Equal(Now + 1_000, Breaker.Closed.After(Outcome(OutcomeKind.RateLimited), [OutcomeKind.RateLimited], Now).RestsUntilMs);
    }

    [Fact]
    public void Refused_again_and_again_without_a_time_it_rests_twice_as_long_up_to_five_minutes()
    {
        var (breaker, now, rests) = (Breaker.Closed, Now, new List<long>());
        for (var n = 0; n < 11; n++)
        {
            breaker = breaker.After(Outcome(OutcomeKind.RateLimited), [OutcomeKind.RateLimited], now);
            rests.Add((breaker.RestsUntilMs!.Value - now) / 1000);
            now = breaker.RestsUntilMs.Value;
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300], rests);
    }

    [Fact]
    public void A_used_up_quota_rests_until_the_next_day_and_for_an_hour_at_most_unless_more_was_asked()
    {
        var midnight = ((Now / DayMs) + 1) * DayMs;

        Assert.Equal(midnight, Breaker.Closed.After(Outcome(OutcomeKind.QuotaExhausted, 5), [], midnight - 60_000).RestsUntilMs);
        Assert.Equal(Now + 3_600_000, Breaker.Closed.After(Outcome(OutcomeKind.QuotaExhausted, 5), [], Now).RestsUntilMs);
        Assert.Equal(Now + 7_200_000, Breaker.Closed.After(Outcome(OutcomeKind.QuotaExhausted, 7_200), [], Now).RestsUntilMs);
    }

    [Theory]
    [InlineData(true, OutcomeKind.RateLimited)]
    [InlineData(true, OutcomeKind.Unreachable, OutcomeKind.Unreachable, OutcomeKind.Unreachable)]
    [InlineData(false, OutcomeKind.Failed, OutcomeKind.Failed, OutcomeKind.Failed)]
    [InlineData(true, OutcomeKind.Unreachable, OutcomeKind.Unreachable, OutcomeKind.Ambiguous)]
    public void What_only_refused_is_well_when_it_takes_a_call_and_what_failed_when_one_succeeds(bool isWell, params OutcomeKind[] kinds)
    {
        var open = Play(Breaker.Closed, Now, kinds);
        var after = open.RestsUntilMs!.Value;

        Assert.Equal(open, open.AfterTaken(after - 1)); // one that was under way
        Assert.Equal(isWell, open.AfterTaken(after).IsQuiet);
        Assert.Equal(Breaker.Closed, Breaker.Closed.AfterTaken(after));
    }

    [Theory]
    [InlineData(OutcomeKind.RateLimited)]
    [InlineData(OutcomeKind.Unreachable)]
    [InlineData(OutcomeKind.Ambiguous)]
    [InlineData(OutcomeKind.Failed)]
    public void A_trial_that_ends_within_a_rest_leaves_the_next_one_open(OutcomeKind kind)
    {
        var failed = Play(Breaker.Closed, Now, OutcomeKind.Failed, OutcomeKind.Failed, OutcomeKind.Failed).After(Outcome(OutcomeKind.RateLimited, 1), [], Now);
        var tried = failed with { ProbeUntilMs = Now + 300_000, ProbeSent = 1 };

        Assert.Null(tried.After(Outcome(kind), [kind], Now + 1_500).ProbeUntilMs);
    }

    [Fact]
    public void A_refusal_among_failures_stops_sending_for_its_own_time()
    {
        var failed = Play(Breaker.Closed, Now, OutcomeKind.Failed, OutcomeKind.Failed, OutcomeKind.Failed);
        var refused = failed.After(Outcome(OutcomeKind.RateLimited, 2), [], Now);

        Assert.Null(failed.RefusedUntilMs);
        Assert.Equal((failed.RestsUntilMs, Now + 2_000), (refused.RestsUntilMs, refused.RefusedUntilMs));
        Assert.Equal(failed, refused.AfterTaken(Now + 2_000));
    }

    [Fact]
    public void A_server_that_ended_within_its_calls_says_nothing_of_the_model()
    {
        var breaker = Breaker.Closed;
        for (var i = 0; i < 10; i++) breaker = breaker.After(Outcome(OutcomeKind.Ambiguous, code: "sender_lost"), [], Now);

        Assert.True(breaker.IsQuiet);
        Assert.True(Play(Breaker.Closed, Now, OutcomeKind.Ambiguous, OutcomeKind.Ambiguous, OutcomeKind.Ambiguous).IsResting(Now));
    }

    [Theory]
    [InlineData(true, OutcomeKind.Failed, OutcomeKind.Unreachable, OutcomeKind.Ambiguous)]
    [InlineData(false, OutcomeKind.Failed, OutcomeKind.Failed, OutcomeKind.Succeeded)]
    [InlineData(false, OutcomeKind.Succeeded, OutcomeKind.Failed, OutcomeKind.Succeeded, OutcomeKind.Failed)]
    public void Three_failures_in_a_row_open_it(bool opens, params OutcomeKind[] kinds) => Assert.Equal(opens, Play(Breaker.Closed, Now, kinds).IsResting(Now));

    [Fact]
    public void Half_of_five_lately_opens_it()
    {
        OutcomeKind[] lately = [OutcomeKind.Failed, OutcomeKind.Succeeded, OutcomeKind.Failed, OutcomeKind.Succeeded];
        var before = new Breaker { FailuresInARow = 0 };

        Assert.False(before.After(Outcome(OutcomeKind.Failed), [.. lately], Now).IsResting(Now));
        Assert.True(before.After(Outcome(OutcomeKind.Failed), [.. lately, OutcomeKind.Failed], Now).IsResting(Now));
    }

    [Fact]
    public void A_failed_try_doubles_the_rest_and_a_good_one_closes()
    {
        var open = Play(Breaker.Closed, Now, OutcomeKind.Failed, OutcomeKind.Failed, OutcomeKind.Failed);
        var rests = new List<long>();
        for (var now = open.RestsUntilMs!.Value; rests.Count < 12; now = open.RestsUntilMs!.Value)
        {
            Assert.True(open.IsHalfOpen(now));
            open = open.After(Outcome(OutcomeKind.Failed), [OutcomeKind.Failed], now);
            rests.Add((open.RestsUntilMs!.Value - now) / 1000);
        }

        Assert.Equal([20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600, 3600], rests);
        Assert.True(open.After(Outcome(OutcomeKind.Succeeded), [], open.RestsUntilMs!.Value).IsQuiet);
    }

    [Fact]
    public void What_was_under_way_when_it_opened_neither_ends_nor_prolongs_the_rest()
    {
        var open = Play(Breaker.Closed, Now, OutcomeKind.Failed, OutcomeKind.Failed, OutcomeKind.Failed);

        Assert.Equal(open.RestsUntilMs, Play(open, Now + 5, OutcomeKind.Succeeded, OutcomeKind.Failed).RestsUntilMs);
        Assert.Equal(open.Strikes, Play(open, Now + 5, OutcomeKind.Failed, OutcomeKind.RateLimited).Strikes);
    }

    [Fact]
    public void What_was_asked_is_not_the_models_fault()
    {
        var breaker = Breaker.Closed;
        for (var i = 0; i < 10; i++) breaker = breaker.After(Outcome(OutcomeKind.Failed, code: "refused_content"), [], Now);

        Assert.True(breaker.IsQuiet);
    }
}
