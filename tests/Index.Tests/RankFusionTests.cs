namespace Pipeline.Index.Tests;

public sealed class RankFusionTests
{
    [Fact]
    public void Sums_the_reciprocal_ranks_as_a_share_of_the_highest()
    {
        var fused = RankFusion.Fuse([[1, 2], [1, 3]]);

        Assert.Equal([1L, 2, 3], fused.Select(hit => hit.Id));
        Assert.Equal(1, fused[0].Score, 12);
        Assert.Equal(1 / 62.0 / (2 / 61.0), fused[1].Score, 12);
        Assert.Equal(fused[1].Score, fused[2].Score);
    }

    [Fact]
    public void Two_middling_places_beat_one_good_one() => Assert.Equal(3, RankFusion.Fuse([[1, 2, 3], [4, 5, 3]])[0].Id);

    [Fact]
    public void Weights_count() => Assert.Equal([2L, 1], RankFusion.Fuse([[1], [2]], [1, 1.5]).Select(hit => hit.Id));

    [Fact]
    public void Nothing_is_nothing() => Assert.Empty(RankFusion.Fuse([[], []]));
}
