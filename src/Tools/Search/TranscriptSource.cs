using System.Text;
using Pipeline.Index;
using Pipeline.Index.Transcripts;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Search;

/// <summary>Reads a transcript that came as text or lies in an asset.</summary>
public sealed class TranscriptSource(AssetReader reader)
{
    /// <summary>The transcript's cues as entries, with what was odd about it.</summary>
    /// <exception cref="InvalidTranscriptError">It is none that can be read.</exception>
    public async Task<(IReadOnlyList<IndexEntry> Entries, IReadOnlyList<string> Warnings)> ReadAsync(string? text, string? asset, CancellationToken cancellation)
    {
        if (text is not null && asset is not null)
        {
            throw new InvalidArgumentError("transcript", "Give the transcript as text or as transcript_asset, not both.");
        }

        var content = text ?? (asset is null ? null : await LoadAsync(asset, cancellation).ConfigureAwait(false));
        return content is null ? ([], []) : Parse(content);
    }

    private static (IReadOnlyList<IndexEntry> Entries, IReadOnlyList<string> Warnings) Parse(string content)
    {
        try
        {
            var transcript = TranscriptReader.Read(content);
            return (TranscriptEntries.Of(transcript), transcript.Warnings);
        }
        catch (TranscriptException fault)
        {
            throw new InvalidTranscriptError(fault);
        }
    }

    private async Task<string> LoadAsync(string asset, CancellationToken cancellation)
    {
        var row = await reader.FindAsync(asset, cancellation).ConfigureAwait(false);
        if (row.SizeBytes > TranscriptReader.LongestText)
        {
            throw new InvalidArgumentError("transcript_asset", $"A transcript has at most {TranscriptReader.LongestText} characters; '{asset}' has {row.SizeBytes} bytes.");
        }

        using var text = new StreamReader(await reader.OpenAsync(row, 0, null, cancellation).ConfigureAwait(false), Encoding.UTF8);
        return await text.ReadToEndAsync(cancellation).ConfigureAwait(false);
    }
}
