using Pipeline.Storage;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>The bytes of uploads under way, one file each. They outlast a restart, so that an upload does too.</summary>
public sealed class UploadFiles
{
    private const int ChunkBytes = 4 << 20;

    private readonly string _folder;

    public UploadFiles(DataFolder data)
    {
        _folder = Path.Combine(data.Root, "uploads");
        Directory.CreateDirectory(_folder);
    }

    /// <summary>The file of a token that the table knows.</summary>
    public string PathOf(string token) => Path.Combine(_folder, token);

    /// <summary>Bytes on disk.</summary>
    public long SizeBytes(string token) => new FileInfo(PathOf(token)) is { Exists: true } file ? file.Length : 0;

    /// <summary>All files, those of no row too.</summary>
    public IEnumerable<FileInfo> Files() => new DirectoryInfo(_folder).EnumerateFiles();

    public void Delete(string token) => File.Delete(PathOf(token));

    /// <summary>Forgets uploads past their time, with their bytes.</summary>
    public async Task SweepAsync(IDatabase database, CancellationToken cancellation)
    {
        foreach (var token in await database.TransactAsync(Scopes.Transfers, UploadsTable.SweepAsync, cancellation).ConfigureAwait(false))
        {
            Delete(token);
        }
    }

    /// <summary>Appends the stream chunk by chunk, each flushed to disk before the next is read; returns the size then.</summary>
    /// <param name="token">Which upload.</param>
    /// <param name="part">Where the stream belongs; null for the start of a new try.</param>
    /// <param name="sizeBytes">The most that may be there in the end.</param>
    /// <param name="content">The bytes.</param>
    /// <param name="cancellation">What is on disk stays.</param>
    public async Task<long> AppendAsync(string token, UploadPart? part, long sizeBytes, Stream content, CancellationToken cancellation)
    {
        var file = Open(token);
        await using (file.ConfigureAwait(false))
        {
            if (part?.FromBytes is { } offset && offset != file.Length)
            {
                throw new UploadOffsetError(file.Length, offset);
            }

            if (part is null)
            {
                file.SetLength(0);
            }

            file.Position = file.Length;
            var most = Math.Min(sizeBytes, file.Length + (part?.LengthBytes ?? long.MaxValue - file.Length));
            var chunk = new byte[ChunkBytes];
            for (var read = ChunkBytes; read == ChunkBytes;)
            {
                read = await content.ReadAtLeastAsync(chunk, ChunkBytes, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
                if (file.Length + read > most)
                {
                    throw new TooLargeError(file.Length + read, most);
                }

                await file.WriteAsync(chunk.AsMemory(0, read), CancellationToken.None).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            return file.Length;
        }
    }

    private FileStream Open(string token)
    {
        try
        {
            return new FileStream(PathOf(token), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.Asynchronous);
        }
        catch (IOException) when (File.Exists(PathOf(token)))
        {
            throw new UploadBusyError();
        }
    }
}
