using Microsoft.Extensions.DependencyInjection;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>
/// Notices uploads that went straight to the store and makes their versions, on every node: each look is taken in the database first, for a
/// while and by number, and the version is committed only if no other made it. What is refused waits, with its bytes, until it is asked for again.
/// </summary>
public sealed class StagedUploads(IDatabase database, IServiceScopeFactory scopes, TimeProvider time, IPresigns? presigns = null) : IBackgroundWork
{
    private const int AtOnce = 3;
    private const long LeaseMs = 10 * 60 * 1000;
    private const long FirstLookMs = 500;
    private const long LongestLookMs = 30_000;
    private const long Never = long.MaxValue;
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    /// <summary>When to look for an upload that is announced now.</summary>
    public static long FirstLook(long nowMs) => nowMs + FirstLookMs;

    public Task RunAsync(CancellationToken cancellation) => presigns is null ? Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation)
        : Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => LookOnAsync(cancellation)));

    /// <summary>Looks for one upload now, and returns it as it stands then.</summary>
    public async Task<UploadRow?> LookAsync(string token, CancellationToken cancellation)
    {
        if (await database.TransactAsync(Scopes.Transfers, tx => UploadsTable.TakeLookAsync(tx, token, LeaseMs), cancellation).ConfigureAwait(false) is { } row)
        {
            await LookAsync(row, cancellation).ConfigureAwait(false);
        }

        return await database.ReadAsync(query => UploadsTable.OfTokenAsync(query, token), cancellation).ConfigureAwait(false);
    }

    private async Task LookOnAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var news = database.Signals.Ticket(UploadsTable.Channel);
            var (next, now) = await database.ReadAsync(async query => (await UploadsTable.NextLookAsync(query).ConfigureAwait(false), query.NowMs), cancellation).ConfigureAwait(false);
            if (next <= now)
            {
                // Another node may be quicker.
                if (await database.TransactAsync(Scopes.Transfers, tx => UploadsTable.TakeLookAsync(tx, null, LeaseMs), cancellation).ConfigureAwait(false) is { } row)
                {
                    await LookAsync(row, cancellation).ConfigureAwait(false);
                }

                continue;
            }

            var rest = next is { } due && due - now < LongestRest.TotalMilliseconds ? TimeSpan.FromMilliseconds(Math.Max(1, due - now)) : LongestRest;
            await Signals.WaitAsync(news, rest, time, cancellation).ConfigureAwait(false);
        }
    }

    private async Task LookAsync(UploadRow row, CancellationToken cancellation)
    {
        var (refusal, again) = ((string?)null, true);
        try
        {
            var scope = scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                again = (await scope.ServiceProvider.GetRequiredService<Uploads>().ArriveAsync(row, cancellation).ConfigureAwait(false)).Written is null;
                refusal = again ? row.Refusal : null;
            }
        }
        catch (ToolError refused)
        {
            // Bytes that were wrong are gone: others may come. Right ones wait for whoever asks again.
            refusal = Wire.Write(new UploadRefusal(refused.Code, refused.Message));
            again = refused is ChecksumMismatchError or SizeMismatchError or UploadBusyError;
        }
        catch (FileNotFoundException)
        {
            // The sender, or another node, was quicker.
        }

        await database.TransactAsync(Scopes.Transfers, tx => UploadsTable.EndLookAsync(tx, row, again ? NextLook(tx.NowMs, row) : Never, refusal), CancellationToken.None).ConfigureAwait(false);
    }

    // The longer nothing came, the longer until the next look.
    private static long NextLook(long nowMs, UploadRow row) => nowMs + Math.Clamp((nowMs - (row.ExpiresAtMs - UploadRow.KeptMs)) / 4, FirstLookMs, LongestLookMs);
}
