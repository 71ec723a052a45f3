using System.ClientModel;
using OpenAI;
using OpenAI.Audio;

namespace Pipeline.Agents.ModelClients;

/// <summary>Speech to text by an OpenAI-compatible endpoint.</summary>
public sealed class Transcriber(AudioClient client)
{
    /// <summary>What such endpoints take at most: 24 MiB.</summary>
    public const long MaxBytes = 24 << 20;

    /// <summary>The one that OPENAI_API_KEY and PIPELINE_TRANSCRIBE_MODEL name (OPENAI_BASE_URL for another host); null when one of them is missing.</summary>
    public static Transcriber? FromEnvironment() => From(
        Environment.GetEnvironmentVariable("OPENAI_API_KEY"), Environment.GetEnvironmentVariable("PIPELINE_TRANSCRIBE_MODEL"), Environment.GetEnvironmentVariable("OPENAI_BASE_URL"));

    public static Transcriber? From(string? key, string? model, string? baseUrl) => string.IsNullOrEmpty(key) || string.IsNullOrEmpty(model)
        ? null
        : new Transcriber(new AudioClient(model, new ApiKeyCredential(key), string.IsNullOrEmpty(baseUrl) ? null : new OpenAIClientOptions { Endpoint = new Uri(baseUrl) }));

    /// <summary>Listens to a file.</summary>
    /// <param name="name">With its extension: endpoints tell formats apart by it.</param>
    /// <param name="language">Two letters, or null to find out.</param>
    public async Task<Heard> HearAsync(Stream media, string name, string? language, CancellationToken ct)
    {
        var options = new AudioTranscriptionOptions { ResponseFormat = AudioTranscriptionFormat.Verbose, Language = language, TimestampGranularities = AudioTimestampGranularities.Segment };
        var heard = (await client.TranscribeAudioAsync(media, name, options, ct).ConfigureAwait(false)).Value;
        return new Heard(heard.Language, [.. heard.Segments.Select(segment => new HeardCue(segment.StartTime, segment.EndTime, segment.Text.Trim()))]);
    }
}
