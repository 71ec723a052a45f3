using System.Net.Http.Headers;

namespace Pipeline.Tools.Assets;

/// <summary>A file that grows while it is fetched, and what tells whether the rest still belongs to its beginning.</summary>
internal sealed class PartialDownload(string path)
{
    private EntityTagHeaderValue? _tag;
    private DateTimeOffset? _modified;

    public string Path { get; } = path;

    /// <summary>Bytes on disk.</summary>
    public long SizeBytes => new FileInfo(Path) is { Exists: true } file ? file.Length : 0;

    /// <summary>Asks for the rest only, and only if the thing is still the same; else for all of it.</summary>
    public void AskForRest(HttpRequestMessage request)
    {
        if (SizeBytes == 0 || (_tag is null && _modified is null))
        {
            Restart();
            return;
        }

        request.Headers.Range = new RangeHeaderValue(SizeBytes, null);
        request.Headers.IfRange = _tag is not null ? new(_tag) : new RangeConditionHeaderValue(_modified!.Value);
    }

    /// <summary>Notes what the answer says of the thing's identity. A weak tag names no bytes.</summary>
    public void Remember(HttpResponseMessage response) =>
        (_tag, _modified) = (response.Headers.ETag is { IsWeak: false } tag ? tag : null, response.Content.Headers.LastModified);

    public void Restart() => File.Delete(Path);

    /// <summary>Opens to append what comes next.</summary>
    public FileStream Append() => new(Path, FileMode.Append, FileAccess.Write, FileShare.Read, 1, FileOptions.Asynchronous);
}
