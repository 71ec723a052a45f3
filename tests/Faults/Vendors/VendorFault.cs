namespace Pipeline.Faults.Vendors;

/// <summary>What goes wrong with one purchase. Those before acceptance bill nothing; those after it have accepted and billed.</summary>
public enum VendorFault
{
    None,

    /// <summary>429 with Retry-After.</summary>
    RateLimited,

    /// <summary>429 without it.</summary>
    RateLimitedSilently,

    /// <summary>Nothing left to spend, as each dialect says it.</summary>
    Quota,

    /// <summary>401.</summary>
    Unauthorized,

    /// <summary>400 or 422: it will not make that.</summary>
    Refused,

    /// <summary>500 and nothing done.</summary>
    ErrorBefore,

    /// <summary>503 whose words say that nothing was done.</summary>
    Overloaded,

    /// <summary>The connection is cut and nothing done.</summary>
    DropBefore,

    /// <summary>500 after acceptance.</summary>
    ErrorAfter,

    /// <summary>No answer, ever, after acceptance.</summary>
    TimeoutAfter,

    /// <summary>The connection is cut after acceptance.</summary>
    DropAfter,

    /// <summary>200 with half a JSON document, whole as HTTP.</summary>
    Garbled,

    /// <summary>200 that ends before its length.</summary>
    Truncated,

    /// <summary>A slow answer, and nothing worse.</summary>
    Slow,

    /// <summary>The job fails and is billed.</summary>
    FailsBilled,

    /// <summary>The job fails and is not.</summary>
    FailsFree,

    /// <summary>Asking after the job goes wrong a few times: 500, 429, cut, garbled.</summary>
    TroubledPolls,

    /// <summary>The first downloads are 500s.</summary>
    ResultErrors,

    /// <summary>The first downloads end half way.</summary>
    ResultTruncated,

    /// <summary>The first download is a page.</summary>
    ResultIsPage,

    /// <summary>The result is gone: 404 whenever it is asked for.</summary>
    ResultGone,

    /// <summary>The vendor says that the job succeeded and that its output has expired.</summary>
    Expired,

    /// <summary>The webhook comes several times.</summary>
    HookTwice,

    /// <summary>Before the true webhook one comes that is not signed by the vendor and says otherwise.</summary>
    HookForged,

    /// <summary>The webhook comes long after the job's end, signed then.</summary>
    HookLate,

    /// <summary>The webhook bears an old time.</summary>
    HookOld,

    /// <summary>The webhook never comes.</summary>
    HookLost,
}
