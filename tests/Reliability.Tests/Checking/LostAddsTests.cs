using Pipeline.Reliability.Checking;

namespace Pipeline.Reliability.Tests.Checking;

/// <summary>The set in the end against what was answered.</summary>
public sealed class LostAddsTests
{
    [Fact]
    public void Answered_adds_that_are_there_are_clean_and_unanswered_ones_may_be()
    {
        var adds = LostAdds.Of(["a", "b", "c"], ["a", "b"], ["a", "b", "c", "d"]);
        Assert.True(adds.IsClean);
        Assert.Equal((2, 1), (adds.Answered, adds.Recovered));
    }

    [Fact]
    public void What_is_missing_doubled_or_strange_is_told()
    {
        var adds = LostAdds.Of(["a", "a", "z"], ["a", "b"], ["a", "b"]);
        Assert.Equal(["b"], adds.Lost);
        Assert.Equal(["a"], adds.Twice);
        Assert.Equal(["z"], adds.Strange);
        Assert.False(adds.IsClean);
    }
}
