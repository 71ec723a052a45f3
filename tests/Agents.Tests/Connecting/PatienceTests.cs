using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Tests.Connecting;

public sealed class PatienceTests
{
    private readonly Patience _patience = new(TimeSpan.FromSeconds(60), () => 1);

    [Fact]
    public void Rests_double_up_to_five_seconds()
    {
        double[] rests = [.. Enumerable.Range(1, 9).Select(attempt => _patience.Rest(attempt, TimeSpan.Zero, null)!.Value.TotalSeconds)];

        Assert.Equal([0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5], rests.Select(rest => Math.Round(rest, 3)));
    }

    [Fact]
    public void What_the_server_asks_for_is_kept_to() => Assert.Equal(TimeSpan.FromSeconds(7), _patience.Rest(1, TimeSpan.Zero, 7));

    [Fact]
    public void It_ends_before_the_outage_would_be_too_long()
    {
        Assert.NotNull(_patience.Rest(20, TimeSpan.FromSeconds(54), null));
        Assert.Null(_patience.Rest(20, TimeSpan.FromSeconds(56), null));
    }

    [Theory]
    [InlineData("owner_lost", true)]
    [InlineData("storage_failed", true)]
    [InlineData("storage_full", false)]
    [InlineData("superseded", false)]
    [InlineData("lock_held", false)]
    public void Only_what_passes_by_itself_is_sent_again(string code, bool passes) => Assert.Equal(passes, Patience.Passes(code));
}
