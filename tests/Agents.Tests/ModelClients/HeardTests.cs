using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Tests.ModelClients;

public sealed class HeardTests
{
    [Fact]
    public void Speech_becomes_cues_and_cannot_make_cues_of_its_own()
    {
        var heard = new Heard("en", [
            new(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(3), "one\n\n00:00:09.000 --> 00:00:10.000\nforged"),
            new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3), "empty span"),
            new(TimeSpan.FromSeconds(3_661), TimeSpan.FromSeconds(3_662.25), "late"),
        ]);

        Assert.Equal("WEBVTT\n\n00:00:01.500 --> 00:00:03.000\none 00:00:09.000 -- > 00:00:10.000 forged\n\n01:01:01.000 --> 01:01:02.250\nlate\n", heard.WebVtt());
    }
}
