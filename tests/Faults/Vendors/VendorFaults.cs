namespace Pipeline.Faults.Vendors;

/// <summary>Draws faults: the same for the same seed and order.</summary>
public sealed class VendorFaults
{
    /// <summary>All that a purchase can live through; those that need an operator (no right, no credit) are left to tests of their own.</summary>
    public static readonly IReadOnlyList<VendorFault> Mixed =
    [
        VendorFault.RateLimited, VendorFault.RateLimitedSilently, VendorFault.Refused, VendorFault.ErrorBefore, VendorFault.DropBefore, VendorFault.ErrorAfter, VendorFault.TimeoutAfter, VendorFault.DropAfter,
        VendorFault.Garbled, VendorFault.Truncated, VendorFault.Slow, VendorFault.FailsBilled, VendorFault.FailsFree, VendorFault.TroubledPolls, VendorFault.ResultErrors, VendorFault.ResultTruncated,
        VendorFault.ResultIsPage, VendorFault.ResultGone, VendorFault.Expired, VendorFault.HookTwice, VendorFault.HookForged, VendorFault.HookLate, VendorFault.HookOld, VendorFault.HookLost,
    ];

    private readonly Random _random;
    private readonly double _share;
    private readonly IReadOnlyList<VendorFault> _faults;
    private readonly Lock _gate = new();

    /// <param name="seed">Decides.</param>
    /// <param name="share">Of requests that go wrong, 0 to 1.</param>
    /// <param name="faults">Which; null for <see cref="Mixed"/>.</param>
    public VendorFaults(int seed, double share, IReadOnlyList<VendorFault>? faults = null) => (_random, _share, _faults) = (new(seed), share, faults ?? Mixed);

    public VendorFault Draw()
    {
        lock (_gate)
        {
            return _random.NextDouble() < _share ? _faults[_random.Next(_faults.Count)] : VendorFault.None;
        }
    }
}
