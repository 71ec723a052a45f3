using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Index;
using Pipeline.Index.Transcripts;
using Pipeline.Storage;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Media;
using Pipeline.Tools.Media.Probe;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Ingest;

/// <summary>
/// Indexes one version: its name and metadata as words and typed fields, its technical facts, and, when it is a transcript, its cues under the
/// media of the same name.
/// </summary>
internal sealed class ArrivalIndexer(IDatabase database, IObjectStore objects, ISearchIndex index, Prober prober, MovieCache movies, DataFolder folder, Ids ids)
{
    private const string Source = "ingest";
    private const string TranscriptSource = "ingest-transcript";
    private const int MaxTextLength = 8_000;

    /// <summary>Indexes the version, or does nothing when it is gone by now.</summary>
    public async Task IndexAsync(ArrivalRow arrival, CancellationToken cancellation)
    {
        var name = new AssetName(arrival.Workspace, arrival.Path, arrival.Version);
        if (await database.ReadAsync(query => AssetsTable.FindAsync(query, name), cancellation).ConfigureAwait(false) is not { Deleted: 0 } row)
        {
            return;
        }

        var facts = row.Facts is null ? await FactsAsync(row, cancellation).ConfigureAwait(false) : Wire.Read<MediaFacts>(row.Facts);
        var entry = new IndexEntry { Kind = EntryKind.Metadata, Text = Words(row), Fields = Fields(row, facts) };
        var prepared = await index.PrepareAsync([entry], cancellation).ConfigureAwait(false);
        var cues = await CuesAsync(row, cancellation).ConfigureAwait(false);
        await database.TransactAsync(row.Workspace, async tx =>
        {
            if (facts is not null)
            {
                await AssetsTable.SetFactsAsync(tx, row.Sha256, Wire.Write(facts)).ConfigureAwait(false);
            }

            await index.ReplaceAsync(tx, new(row.Workspace, row.Path, row.Version, Source), prepared).ConfigureAwait(false);
            if (cues is { } spoken && await SpokenInAsync(tx, row).ConfigureAwait(false) is { } media)
            {
                await index.ReplaceAsync(tx, new(media.Workspace, media.Path, media.Version, TranscriptSource), spoken).ConfigureAwait(false);
            }

            return await ArrivalsTable.DoneAsync(tx, arrival).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
    }

    private async Task<MediaFacts?> FactsAsync(AssetRow row, CancellationToken cancellation)
    {
        if (!row.MediaType.StartsWith("video/", StringComparison.Ordinal) && !row.MediaType.StartsWith("audio/", StringComparison.Ordinal))
        {
            return null;
        }

        var media = await MediaFile.OpenAsync(objects, row.Sha256, row.SizeBytes, cancellation, movies.Find(row.Sha256)).ConfigureAwait(false);
        movies.Keep(row.Sha256, media.Movie);
        using var job = WorkFolder.Create(folder.Work, ids.New("ingest"));
        return await prober.ProbeAsync(media, job, cancellation).ConfigureAwait(false);
    }

    private async Task<PreparedEntries?> CuesAsync(AssetRow row, CancellationToken cancellation)
    {
        if (row.MediaType is not ("text/vtt" or "application/x-subrip") || row.SizeBytes > TranscriptReader.LongestText)
        {
            return null;
        }

        using var text = new StreamReader(await objects.OpenAsync(row.Sha256, 0, null, cancellation).ConfigureAwait(false), Encoding.UTF8);
        var transcript = TranscriptReader.Read(await text.ReadToEndAsync(cancellation).ConfigureAwait(false));
        return await index.PrepareAsync(TranscriptEntries.Of(transcript), cancellation).ConfigureAwait(false);
    }

    // film/one.vtt and film/one.en.srt speak for film/one.mp4.
    private static async ValueTask<AssetRow?> SpokenInAsync(IQuery query, AssetRow transcript)
    {
        var stem = transcript.Path[..transcript.Path.LastIndexOf('.')];
        foreach (var beginning in new[] { stem, System.IO.Path.ChangeExtension(stem, null) }.Distinct())
        {
            var siblings = await AssetsTable.PageAsync(query, transcript.Workspace, beginning + ".", "", 100).ConfigureAwait(false);
            var media = siblings.FirstOrDefault(row => row.Path.LastIndexOf('.') == beginning.Length
                && (row.MediaType.StartsWith("video/", StringComparison.Ordinal) || row.MediaType.StartsWith("audio/", StringComparison.Ordinal)));
            if (media is not null)
            {
                return media;
            }
        }

        return null;
    }

    private static string Words(AssetRow row)
    {
        var text = new StringBuilder(row.Path.Replace('/', ' ').Replace('.', ' ').Replace('_', ' ').Replace('-', ' '));
        foreach (var (name, value) in JsonNode.Parse(row.Metadata)!.AsObject())
        {
            text.Append(' ').Append(name).Append(' ').Append(value is JsonObject or null ? "" : value.ToString());
        }

        return text.Length > MaxTextLength ? text.ToString(0, MaxTextLength) : text.ToString();
    }

    private static Dictionary<string, FieldValue> Fields(AssetRow row, MediaFacts? facts)
    {
        var fields = new Dictionary<string, FieldValue>(StringComparer.Ordinal)
        {
            ["media_type"] = FieldValue.Of(facts?.MediaType ?? row.MediaType),
            ["size_bytes"] = FieldValue.Of(row.SizeBytes),
        };
        if (facts?.DurationSeconds is { } duration)
        {
            fields["duration_seconds"] = FieldValue.Of(duration);
        }

        Flatten(JsonNode.Parse(row.Metadata)!.AsObject(), "", fields);
        return fields;
    }

    private static void Flatten(JsonObject metadata, string prefix, Dictionary<string, FieldValue> fields)
    {
        foreach (var (name, value) in metadata)
        {
            switch (value?.GetValueKind())
            {
                case JsonValueKind.String:
                    fields[prefix + name] = FieldValue.Of(value.GetValue<string>());
                    break;
                case JsonValueKind.Number:
                    fields[prefix + name] = FieldValue.Of(value.Deserialize<double>());
                    break;
                case JsonValueKind.True or JsonValueKind.False:
                    fields[prefix + name] = FieldValue.Of(value.GetValue<bool>());
                    break;
                case JsonValueKind.Object:
                    Flatten(value.AsObject(), $"{prefix}{name}.", fields);
                    break;
                default:
                    break;
            }
        }
    }
}
