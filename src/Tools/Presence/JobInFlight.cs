using Pipeline.Tools.Assets;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Presence;

/// <summary>Work of the agent's that is not done.</summary>
/// <param name="Kind">import or upload.</param>
/// <param name="State">running; stopped: the same call, or more bytes, go on with it; fetched: all is here, and only the write was refused.</param>
/// <param name="From">The host of an import.</param>
/// <param name="Url">Where an upload's bytes go.</param>
/// <param name="BytesTotal">Null when not known.</param>
public sealed record JobInFlight(string Kind, string State, string Asset, string? From, string? Url, long BytesDone, long? BytesTotal, DateTimeOffset ExpiresAt)
{
    internal static JobInFlight Of(DownloadRow row, Downloads downloads) => new(
        "import", row.Sha256 is not null ? "fetched" : downloads.IsRunning(row.DownloadId) ? "running" : "stopped", $"{row.Workspace}/{row.Path}", row.Host, null,
        row.Sha256 is not null ? row.TotalBytes ?? 0 : downloads.SizeBytes(row.DownloadId), row.TotalBytes, Instant.From(row.ExpiresAtMs));

    internal static JobInFlight Of(UploadRow row, UploadFiles files, Uri? server) => new(
        "upload", row.Content is null ? "stopped" : "fetched", $"{row.Workspace}/{row.Path}", null, UploadCreated.Address(server, row.Token),
        row.Content is null ? files.SizeBytes(row.Token) : row.SizeBytes, row.SizeBytes, Instant.From(row.ExpiresAtMs));
}
