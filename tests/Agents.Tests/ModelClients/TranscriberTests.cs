using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Tests.ModelClients;

public sealed class TranscriberTests
{
    [Fact]
    public async Task Speech_is_sent_and_its_segments_come_back_with_times()
    {
        using var endpoint = new Endpoint("""{"task":"transcribe","language":"english","duration":4.0,"text":"a lighthouse","segments":[{"id":0,"seek":0,"start":0.5,"end":2.25,"text":" a lighthouse","tokens":[],"temperature":0,"avg_logprob":-0.1,"compression_ratio":1,"no_speech_prob":0}]}""");
        using var media = new MemoryStream([1, 2, 3]);

        var heard = await Transcriber.From("key", "whisper", endpoint.Url.ToString())!.HearAsync(media, "day.mp4", "en", default);

        Assert.Equal(new HeardCue(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(2.25), "a lighthouse"), Assert.Single(heard.Cues));
        Assert.EndsWith("/audio/transcriptions", endpoint.Received[0].Path, StringComparison.Ordinal);
        Assert.Contains("day.mp4", endpoint.Received[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "whisper")]
    [InlineData("key", null)]
    public void Without_a_key_or_a_model_there_is_none(string? key, string? model) => Assert.Null(Transcriber.From(key, model, null));
}
