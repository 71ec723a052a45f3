using Pipeline.Storage.Objects;

namespace Pipeline.Tools.Assets;

/// <summary>Bytes that were brought in.</summary>
/// <param name="Content">The object.</param>
/// <param name="Head">How they begin.</param>
/// <param name="Source">Where they came from, without anything secret.</param>
/// <param name="DownloadId">The download that brought them; null for a file.</param>
internal sealed record Imported(StoredObject Content, byte[] Head, string Source, string? DownloadId = null);
