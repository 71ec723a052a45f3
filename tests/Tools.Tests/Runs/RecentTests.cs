using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Tests.Runs;

public sealed class RecentTests
{
    [Fact]
    public void What_is_used_stays_and_what_is_not_is_forgotten()
    {
        var recent = new Recent<int>(mostWeight: 10);
        recent.Keep("used", 0, 1);
        for (var n = 0; n < 100; n++)
        {
            recent.Keep($"{n}", n, 1);
            Assert.True(recent.TryGet("used", out _));
        }

        Assert.True(recent.TryGet("99", out var last));
        Assert.Equal(99, last);
        Assert.False(recent.TryGet("50", out _));
        Assert.InRange(Enumerable.Range(0, 100).Count(n => recent.TryGet($"{n}", out _)), 1, 22);
    }

    [Fact]
    public void The_newest_value_counts_and_its_weight_alone()
    {
        var recent = new Recent<string>(mostWeight: 10);
        for (var n = 0; n < 100; n++)
        {
            recent.Keep("a", $"{n}", 4);
            recent.Keep("b", $"{n}", 4);
        }

        Assert.True(recent.TryGet("a", out var a) && recent.TryGet("b", out var b) && (a, b) is ("99", "99"));
    }

    [Fact]
    public void One_that_is_too_heavy_for_a_half_pushes_out_the_others_and_is_there()
    {
        var recent = new Recent<int>(mostWeight: 10);
        recent.Keep("light", 1, 1);
        recent.Keep("heavy", 2, 100);

        Assert.True(recent.TryGet("heavy", out var heavy));
        Assert.Equal(2, heavy);
    }
}
