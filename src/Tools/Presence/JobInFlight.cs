using Pipeline.Tools.Assets;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation;

namespace Pipeline.Tools.Presence;

/// <summary>Work of the agent's that is not done.</summary>
/// <param name="Kind">import, upload or generation.</param>
/// <param name="State">running; stopped: the same call, or more bytes, go on with it; fetched: all is here, and only the write was refused. A generation's own: it goes on by itself, but an ambiguous one, or one whose bill is unknown, waits for an admin's resolve_job.</param>
/// <param name="From">The host of an import.</param>
/// <param name="Url">Where an upload's bytes go.</param>
/// <param name="BytesTotal">Null when not known.</param>
/// <param name="JobId">Of a generation.</param>
/// <param name="BoundMicros">The most it may cost.</param>
/// <param name="Code">What went wrong last with it.</param>
public sealed record JobInFlight(
    string Kind, string State, string Asset, string? From, string? Url, long? BytesDone, long? BytesTotal, DateTimeOffset? ExpiresAt, string? JobId = null, string? Model = null,
    long? BoundMicros = null, string? Code = null)
{
    internal static JobInFlight Of(DownloadRow row, Downloads downloads) => new(
        "import", row.Sha256 is not null ? "fetched" : downloads.IsRunning(row.DownloadId) ? "running" : "stopped", $"{row.Workspace}/{row.Path}", row.Host, null,
        row.Sha256 is not null ? row.TotalBytes ?? 0 : downloads.SizeBytes(row.DownloadId), row.TotalBytes, Instant.From(row.ExpiresAtMs));

    internal static JobInFlight Of(UploadRow row, UploadFiles files, Uri? server) => new(
        "upload", row.Content is null ? "stopped" : "fetched", $"{row.Workspace}/{row.Path}", null, UploadCreated.Address(server, row.Token),
        row.Content is null ? files.SizeBytes(row.Token) : row.SizeBytes, row.SizeBytes, Instant.From(row.ExpiresAtMs));

    internal static JobInFlight Of(JobRow row) => new(
        "generation", row.State, row.Output, row.Provider, null, null, null, null, row.JobId, row.Model, row.BoundMicros, row.Code);
}
