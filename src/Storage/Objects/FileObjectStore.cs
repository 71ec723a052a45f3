using System.Security.Cryptography;

namespace Pipeline.Storage.Objects;

/// <summary>
/// Objects as files under <c>objects/ab/cdef…</c>. A write goes to <c>work/</c>, is flushed to disk, renamed into place, and the directory is
/// flushed too: after a crash an object is there whole or not at all.
/// </summary>
public sealed class FileObjectStore : IObjectStore
{
    private const int CopyBytes = 1 << 17;

    private readonly string _objects;
    private readonly string _work;

    /// <param name="root">The data folder.</param>
    public FileObjectStore(string root)
    {
        (_objects, _work) = (Path.Combine(root, "objects"), Path.Combine(root, "work"));
        Directory.CreateDirectory(_objects);
        Directory.CreateDirectory(_work);
    }

    public async Task<StoredObject> PutAsync(Stream content, CancellationToken cancellation)
    {
        var temporary = Path.Combine(_work, "put-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long size = 0;
            await using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
            {
                var buffer = new byte[CopyBytes];
                for (int read; (read = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0; size += read)
                {
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
                }

                file.Flush(flushToDisk: true);
            }

            return Place(temporary, Convert.ToHexStringLower(hash.GetHashAndReset()), size);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public async Task<StoredObject> AdoptAsync(string file, CancellationToken cancellation)
    {
        string name;
        long size;
        await using (var content = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, CopyBytes, FileOptions.Asynchronous | FileOptions.SequentialScan))
        {
            size = content.Length;
            name = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation).ConfigureAwait(false));
            content.Flush(flushToDisk: true);
        }

        return Place(file, name, size);
    }

    public Task<Stream> OpenAsync(string sha256, long offset, long? length, CancellationToken cancellation)
    {
        var file = new FileStream(PathOf(sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);
        return Task.FromResult<Stream>(new RangeStream(file, offset, length ?? Math.Max(0, file.Length - offset)));
    }

    public Task<long?> HeadAsync(string sha256, CancellationToken cancellation)
    {
        var file = new FileInfo(PathOf(sha256));
        return Task.FromResult(file.Exists ? file.Length : (long?)null);
    }

    public Task<LocalObject> LocalAsync(string sha256, CancellationToken cancellation)
    {
        var path = PathOf(sha256);
        return File.Exists(path) ? Task.FromResult(new LocalObject(path)) : throw new FileNotFoundException("No such object.", sha256);
    }

    public Task DeleteAsync(string sha256, CancellationToken cancellation)
    {
        File.Delete(PathOf(sha256));
        return Task.CompletedTask;
    }

    private StoredObject Place(string temporary, string name, long size)
    {
        var target = PathOf(name);
        if (!File.Exists(target))
        {
            var folder = Path.GetDirectoryName(target)!;
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, UnixFileMode.UserRead);
            }

            File.Move(temporary, target, overwrite: true);
            Disk.FlushDirectory(folder);
            Disk.FlushDirectory(_objects);
        }
        else
        {
            File.Delete(temporary);
        }

        return new StoredObject(name, size);
    }

    private string PathOf(string sha256)
    {
        if (sha256.Length != 64 || !sha256.All(char.IsAsciiHexDigitLower))
        {
            throw new ArgumentException("An object's name is 64 lower-case hexadecimal digits.", nameof(sha256));
        }

        return Path.Combine(_objects, sha256[..2], sha256[2..]);
    }
}
