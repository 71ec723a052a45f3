using System.Buffers;
using System.Security.Cryptography;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Objects;

/// <summary>A stream written to a local file and hashed on the way.</summary>
internal static class Spool
{
    private const int CopyBytes = 1 << 17;

    /// <summary>Writes a new file; a failure leaves none.</summary>
    /// <exception cref="StorageFailedException">The disk is full.</exception>
    public static async Task<StoredObject> WriteAsync(Stream content, string path, CancellationToken cancellation)
    {
        try
        {
            return await CopyAsync(content, path, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            File.Delete(path);
            if (failure is IOException full && Disk.IsFull(full))
            {
                throw new StorageFailedException("The disk is full.", failure, full: true);
            }

            throw;
        }
    }

    private static async Task<StoredObject> CopyAsync(Stream content, string path, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.Asynchronous);
            for (int read; (read = await content.ReadAsync(buffer.AsMemory(0, CopyBytes), cancellation).ConfigureAwait(false)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }

            return new StoredObject(Convert.ToHexStringLower(hash.GetHashAndReset()), file.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
