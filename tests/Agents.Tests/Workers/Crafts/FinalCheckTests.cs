using System.Text.Json.Nodes;
using Pipeline.Agents.Workers.Crafts;

namespace Pipeline.Agents.Tests.Workers.Crafts;

public sealed class FinalCheckTests
{
    private static readonly Streams Sound = Streams.From((JsonObject)JsonNode.Parse("""
        {"duration_seconds": 10.0, "streams": [
          {"kind": "video", "width": 640, "height": 360, "fps": 25, "duration_seconds": 10.0},
          {"kind": "audio", "duration_seconds": 10.02}]}
        """)!);

    private static readonly FinalMeasures Good = new(Sound, 10.03, null, 0.02, 0.01, 0.1, -16);

    [Fact]
    public void A_sound_file_passes_every_check()
    {
        var verdicts = FinalCheck.Judge(Good);

        Assert.All(verdicts, verdict => Assert.True(verdict.Passed, verdict.ToString()));
        Assert.Equal(["picture", "duration", "drift", "black", "frozen", "loudness"], verdicts.Select(verdict => verdict.Name));
    }

    public static TheoryData<string, FinalMeasures> Flaws => new()
    {
        { "duration", Good with { ExpectedSeconds = 10.05 } },
        { "drift", Good with { DriftSeconds = 0.2 } },
        { "drift", Good with { DriftSeconds = null } },
        { "black", Good with { BlackShare = 0.8 } },
        { "frozen", Good with { FreezeShare = 0.95 } },
        { "frozen", Good with { FreezeShare = null } },
        { "loudness", Good with { LoudnessLufs = -70 } },
        { "picture", Good with { Streams = Sound with { HasVideo = false } } },
    };

    [Theory]
    [MemberData(nameof(Flaws))]
    public void Each_flaw_fails_its_own_check(string name, FinalMeasures flawed) =>
        Assert.Equal([name], FinalCheck.Judge(flawed).Where(verdict => !verdict.Passed).Select(verdict => verdict.Name));

    [Fact]
    public void Silent_footage_makes_a_silent_film_and_loud_footage_does_not()
    {
        Assert.All(FinalCheck.Judge(Good with { LoudnessLufs = -70, SourceLoudnessLufs = -70 }), verdict => Assert.True(verdict.Passed, verdict.ToString()));
        Assert.Contains(FinalCheck.Judge(Good with { LoudnessLufs = -70, SourceLoudnessLufs = -20 }), verdict => verdict is { Name: "loudness", Passed: false });
        Assert.Contains(FinalCheck.Judge(Good with { LoudnessLufs = 0, SourceLoudnessLufs = -70 }), verdict => verdict is { Name: "loudness", Passed: false });
    }

    [Fact]
    public void A_silent_film_is_not_held_to_sound()
    {
        var verdicts = FinalCheck.Judge(Good with { Streams = Sound with { HasAudio = false }, DriftSeconds = null, LoudnessLufs = null });

        Assert.All(verdicts, verdict => Assert.True(verdict.Passed));
        Assert.DoesNotContain(verdicts, verdict => verdict.Name is "drift" or "loudness");
    }

    [Fact]
    public void Streams_tell_frame_and_drift()
    {
        Assert.Equal((0.04, 640, 360), (Sound.FrameSeconds, Sound.Width, Sound.Height));
        Assert.Equal(0.02, Sound.DriftSeconds!.Value, 6);
    }
}
