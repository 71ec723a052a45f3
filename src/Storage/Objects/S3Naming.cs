using System.Security.Cryptography;
using Amazon.S3.Model;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Objects;

/// <summary>
/// Puts and sweeps of one name on different nodes, with plain reads and writes alone: no store needs to know conditional writes.
/// A sweep first hangs out a flag, then looks whether the object is still old, then removes it, then takes its flag in. A put first
/// puts, then waits until no flag hangs, then looks whether the object is there, and else puts again. If the sweep's look came before
/// the put, its flag hung before the put too, and the put's last look comes after the sweep's end; if it came after, it saw a young object.
/// It holds because stores answer a read with what was last written, lists too.
/// </summary>
internal sealed class S3Naming(S3Bucket bucket, RecentPuts puts)
{
    /// <summary>A sweep that takes longer gives up. A flag as old as <see cref="FlagLives"/> is a dead node's.</summary>
    private static readonly TimeSpan SweepLives = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FlagLives = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private const int MostTries = 5;

    /// <summary>Puts, and returns when the object is surely there.</summary>
    public async Task PlaceAsync(StoredObject target, Func<CancellationToken, Task> put, CancellationToken cancellation)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            await put(cancellation).ConfigureAwait(false);
            puts.Note(target.Sha256);
            await WaitForSweepsAsync(target.Sha256, cancellation).ConfigureAwait(false);
            if (await bucket.HeadAsync(bucket.KeyOf(target.Sha256), cancellation).ConfigureAwait(false) is { } found)
            {
                if (found.ContentLength != target.SizeBytes)
                {
                    throw new StorageFailedException($"The object store kept {found.ContentLength} bytes of {target.SizeBytes} of object {target.Sha256}.", null, full: false) { IsObjectStore = true };
                }

                return;
            }
        }

        throw new StorageFailedException($"Object {target.Sha256} was removed each time it was put.", null, full: false) { IsObjectStore = true };
    }

    /// <summary>Removes an object that is older than <paramref name="grace"/>; true when it is gone.</summary>
    public async Task<bool> SweepAsync(string sha256, TimeSpan grace, CancellationToken cancellation)
    {
        if (!await IsOldAsync(sha256, grace, cancellation).ConfigureAwait(false))
        {
            return false;
        }

        var flag = bucket.Aside("sweeping", $"{sha256}/{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        life.CancelAfter(SweepLives);
        var removing = false;
        try
        {
            await bucket.AskAsync(limit => bucket.Client.PutObjectAsync(new PutObjectRequest { BucketName = bucket.Name, Key = flag, ContentBody = "", UseChunkEncoding = false }, limit), life.Token).ConfigureAwait(false);
            if (!await IsOldAsync(sha256, grace, life.Token).ConfigureAwait(false))
            {
                return false;
            }

            removing = true;
            await bucket.DeleteAsync(bucket.KeyOf(sha256), life.Token).ConfigureAwait(false);
            removing = false;
            return true;
        }
        finally
        {
            // A removal without an answer may still come about: then the flag hangs until it is too late for that.
            if (!removing)
            {
                await bucket.DeleteAsync(flag, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> IsOldAsync(string sha256, TimeSpan grace, CancellationToken cancellation) =>
        !puts.Within(sha256, grace)
        && await bucket.HeadAsync(bucket.KeyOf(sha256), cancellation).ConfigureAwait(false) is { } found
        && bucket.Clock.AgeOf(found.LastModified) >= grace
        && !puts.Within(sha256, grace);

    private async Task WaitForSweepsAsync(string sha256, CancellationToken cancellation)
    {
        while (true)
        {
            var hangs = false;
            await foreach (var flag in bucket.ListAsync(bucket.Aside("sweeping", sha256 + "/"), cancellation).ConfigureAwait(false))
            {
                if (bucket.Clock.AgeOf(flag.LastModified) < FlagLives)
                {
                    hangs = true;
                }
                else
                {
                    await bucket.DeleteAsync(flag.Key, cancellation).ConfigureAwait(false);
                }
            }

            if (!hangs)
            {
                return;
            }

            await Task.Delay(Look, cancellation).ConfigureAwait(false);
        }
    }
}
