using Pipeline.Agents.Workers.Crafts;

namespace Pipeline.Agents.Tests.Workers.Crafts;

public sealed class TimelineTests
{
    [Fact]
    public void Clips_follow_each_other_and_captions_keep_to_their_clip()
    {
        var timeline = Timeline.EndToEnd([new("w/a.mp4", 1, 3.5, "first"), new("w/b.mp4", 0, 2, null), new("w/c.mp4", 0, 4, "third")]);

        Assert.Equal([0, 2.5, 4.5], timeline.Clips.Select(clip => clip.AtSeconds));
        Assert.Equal([new PlacedCaption(0, 2.5, "first"), new PlacedCaption(4.5, 8.5, "third")], timeline.Captions);
        Assert.Equal(8.5, timeline.Seconds);
    }

    [Fact]
    public void A_long_text_is_spread_without_gaps_over_its_clip()
    {
        var captions = Timeline.Spread(string.Join(' ', Enumerable.Repeat("harbour", 40)), 10, 12);

        Assert.True(captions.Count > 2);
        Assert.All(captions, caption => Assert.InRange(caption.Text.Length, 1, Timeline.LongestCaption));
        Assert.Equal(10, captions[0].StartSeconds);
        Assert.Equal(22, captions[^1].EndSeconds);
        Assert.All(captions.Zip(captions.Skip(1)), pair => Assert.Equal(pair.First.EndSeconds, pair.Second.StartSeconds));
    }

    [Fact]
    public void No_caption_flashes_by()
    {
        var captions = Timeline.Spread(string.Join(' ', Enumerable.Repeat("harbour", 200)), 0, 2);

        Assert.All(captions, caption => Assert.True(caption.EndSeconds - caption.StartSeconds >= 0.5));
    }

    [Fact]
    public void An_empty_text_is_no_caption() => Assert.Empty(Timeline.Spread("  ", 0, 5));
}
