using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Generation;

/// <summary>Something that happens to a job.</summary>
public abstract record JobEvent;

/// <summary>The provider was asked for the work, and this became of it.</summary>
public sealed record JobSent(Submission Outcome) : JobEvent;

/// <summary>It was found as being sent, and its sender is gone.</summary>
public sealed record JobSenderLost : JobEvent;

/// <summary>The vendor says how it stands, asked or by webhook.</summary>
public sealed record JobReported(JobReport Report) : JobEvent;

/// <summary>Its result could not be brought this time, or never will be.</summary>
public sealed record JobNotFetched(FetchOutcome Outcome) : JobEvent;

/// <summary>The result is here. <paramref name="Refusal"/> says why it could not become the output's version; <paramref name="Useless"/> that it is not what was bought.</summary>
public sealed record JobBrought(string Sha256, long SizeBytes, string MediaType, string? Refusal, bool Useless) : JobEvent;

/// <summary>It was to be stopped before anything was sent, or its provider leaves nothing behind.</summary>
public sealed record JobStopped : JobEvent;

/// <summary>Its model rests, or has no turn for it, for longer than its buyer waits.</summary>
public sealed record JobWaitedTooLong : JobEvent;

/// <summary>What the vendor said to a cancellation.</summary>
public sealed record JobCancelAnswered(CancelAnswer Answer) : JobEvent;

/// <summary>A human says what became of it: that it was billed, that it was not, or under which name the vendor has it.</summary>
public sealed record JobResolved(bool? Billed, string? VendorJobId, long? CostMicros) : JobEvent;
