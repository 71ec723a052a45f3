using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Objects;

/// <summary>
/// Objects as files under <c>objects/ab/cdef…</c>. A write goes to <c>work/</c>, is flushed to disk, renamed into place, and the directory is
/// flushed too: after a crash an object is there whole or not at all.
/// </summary>
public sealed class FileObjectStore : IObjectStore, IObjectKeep
{
    private const int CopyBytes = 1 << 17;

    private readonly string _objects;
    private readonly string _work;
    private readonly FirstReads _firstReads = new();
    private readonly Placing _placing;
    private readonly string[] _ours;

    /// <param name="root">The data folder.</param>
    /// <param name="time">The clock; the system's if left out.</param>
    public FileObjectStore(string root, TimeProvider? time = null)
    {
        _placing = new Placing(time ?? TimeProvider.System);
        root = Path.GetFullPath(root);
        (_objects, _work) = (Path.Combine(root, "objects"), Path.Combine(root, "work"));
        _ours = [_work, Path.Combine(root, "uploads"), Path.Combine(root, "imports")];
        Directory.CreateDirectory(_objects);
        Directory.CreateDirectory(_work);
        Disk.FlushDirectory(root);
    }

    public async Task<StoredObject> PutAsync(Stream content, CancellationToken cancellation)
    {
        var temporary = Path.Combine(_work, "put-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
        try
        {
            var written = await WriteAsync(content, temporary, cancellation).ConfigureAwait(false);
            return Place(temporary, written);
        }
        catch (IOException failure) when (Disk.IsFull(failure))
        {
            throw new StorageFailedException("The disk is full.", failure, full: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    public async Task<StoredObject> AdoptAsync(string file, CancellationToken cancellation)
    {
        // Only what lies in our own folders is surely on the same disk, and surely a file of ours and not a link to someone else's.
        var path = Path.GetFullPath(file);
        if (!Array.Exists(_ours, folder => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) || new FileInfo(path).LinkTarget is not null)
        {
            return await CopyAndDeleteAsync(path, cancellation).ConfigureAwait(false);
        }

        StoredObject found;
        await using (var content = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read, CopyBytes, FileOptions.Asynchronous | FileOptions.SequentialScan))
        {
            var name = await SHA256.HashDataAsync(content, cancellation).ConfigureAwait(false);
            content.Flush(flushToDisk: true);
            found = new StoredObject(Convert.ToHexStringLower(name), content.Length);
        }

        return Place(path, found);
    }

    public async Task<Stream> OpenAsync(string sha256, long offset, long? length, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length ?? 0);
        try
        {
            await _firstReads.RequireAsync(sha256, PathOf(sha256), cancellation).ConfigureAwait(false);
            var file = new FileStream(PathOf(sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1, FileOptions.Asynchronous);
            return new RangeStream(file, offset, length ?? long.MaxValue);
        }
        catch (DirectoryNotFoundException)
        {
            throw Missing(sha256);
        }
    }

    public Task<long?> HeadAsync(string sha256, CancellationToken cancellation)
    {
        var file = new FileInfo(PathOf(sha256));
        return Task.FromResult(file.Exists ? file.Length : (long?)null);
    }

    public async Task<LocalObject> LocalAsync(string sha256, CancellationToken cancellation)
    {
        var path = PathOf(sha256);
        if (!File.Exists(path))
        {
            throw Missing(sha256);
        }

        await _firstReads.RequireAsync(sha256, path, cancellation).ConfigureAwait(false);
        return new LocalObject(path);
    }

    public Task DeleteAsync(string sha256, CancellationToken cancellation)
    {
        var path = PathOf(sha256);
        if (File.Exists(path))
        {
            File.Delete(path);
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<ObjectEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var file in new DirectoryInfo(_objects).EnumerateFiles("*", SearchOption.AllDirectories))
        {
            cancellation.ThrowIfCancellationRequested();
            var name = file.Directory!.Name + file.Name;
            if (IsName(name) && file.Exists)
            {
                yield return new ObjectEntry(name, file.Length, _placing.Age(file));
            }
        }

        await ValueTask.CompletedTask.ConfigureAwait(false);
    }

    public async Task<ObjectState> CheckAsync(string sha256, CancellationToken cancellation)
    {
        var file = new FileInfo(PathOf(sha256));
        return file.Exists ? new(file.Length, await FirstReads.IsWholeAsync(sha256, file.FullName, cancellation).ConfigureAwait(false)) : new(null, false);
    }

    public Task<bool> SweepAsync(string sha256, TimeSpan grace, CancellationToken cancellation) => Task.FromResult(_placing.Sweep(PathOf(sha256), grace));

    private static bool IsName(string sha256) => sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower);

    private static FileNotFoundException Missing(string sha256) => new("No such object.", sha256);

    private static async Task<StoredObject> WriteAsync(Stream content, string path, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            for (int read; (read = await content.ReadAsync(buffer.AsMemory(0, CopyBytes), cancellation).ConfigureAwait(false)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        file.Flush(flushToDisk: true);
        return new StoredObject(Convert.ToHexStringLower(hash.GetHashAndReset()), file.Length);
    }

    private async Task<StoredObject> CopyAndDeleteAsync(string path, CancellationToken cancellation)
    {
        StoredObject stored;
        await using (var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.Asynchronous))
        {
            stored = await PutAsync(content, cancellation).ConfigureAwait(false);
        }

        File.Delete(path);
        return stored;
    }

    private StoredObject Place(string temporary, StoredObject found)
    {
        var target = new FileInfo(PathOf(found.Sha256));
        var folder = target.DirectoryName!;
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(temporary, UnixFileMode.UserRead);
        }

        _placing.Move(temporary, target.FullName);
        Disk.FlushDirectory(folder);
        Disk.FlushDirectory(_objects);
        target.Refresh();
        _firstReads.Trust(found.Sha256, target);
        return found;
    }

    private string PathOf(string sha256)
    {
        if (!IsName(sha256))
        {
            throw new ArgumentException("An object's name is 64 lower-case hexadecimal digits.", nameof(sha256));
        }

        return Path.Combine(_objects, sha256[..2], sha256[2..]);
    }
}
