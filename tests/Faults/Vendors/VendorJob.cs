using System.Diagnostics;

namespace Pipeline.Faults.Vendors;

/// <summary>One accepted purchase: a line of the vendor's bill.</summary>
public sealed class VendorJob
{
    private readonly long _acceptedAt = Stopwatch.GetTimestamp();
    private int _polls, _downloads;

    internal VendorJob(int number, string id, string door, string intent, string? key, VendorFault fault, string kind, VendorOffer offer, string? hookUrl)
    {
        (Number, Id, Door, Intent, Key, Fault, Kind, HookUrl, Takes) = (number, id, door, intent, key, fault, kind, hookUrl, offer.Takes);
        BilledMicros = fault == VendorFault.FailsFree ? 0 : offer.PriceMicros;
    }

    public int Number { get; }

    public string Id { get; }

    /// <summary>Which dialect it came by.</summary>
    public string Door { get; }

    /// <summary>The prompt, by which tests know what was bought.</summary>
    public string Intent { get; }

    public string? Key { get; }

    public VendorFault Fault { get; }

    /// <summary>video, image, audio or text.</summary>
    public string Kind { get; }

    public string? HookUrl { get; }

    /// <summary>From acceptance to its end.</summary>
    public TimeSpan Takes { get; }

    /// <summary>What the bill says.</summary>
    public long BilledMicros { get; private set; }

    public bool IsCancelled { get; private set; }

    public bool IsOver => IsCancelled || Stopwatch.GetElapsedTime(_acceptedAt) >= Takes;

    public bool IsRunning => !IsOver && Stopwatch.GetElapsedTime(_acceptedAt) >= Takes / 2;

    public bool Failed => IsOver && !IsCancelled && Fault is VendorFault.FailsBilled or VendorFault.FailsFree && IsOver && !IsCancelled;

    /// <summary>Whether its result can be had, perhaps after some tries.</summary>
    public bool Succeeds => !IsCancelled && Fault is not (VendorFault.FailsBilled or VendorFault.FailsFree or VendorFault.Expired or VendorFault.ResultGone);

    /// <summary>How often it was downloaded whole.</summary>
    public int WholeDownloads { get; set; }

    /// <summary>Cancels what has not ended; that costs nothing.</summary>
    public bool TryCancel()
    {
        if (IsOver)
        {
            return false;
        }

        (IsCancelled, BilledMicros) = (true, 0);
        return true;
    }

    internal int NextPoll() => Interlocked.Increment(ref _polls);

    internal int NextDownload() => Interlocked.Increment(ref _downloads);
}
