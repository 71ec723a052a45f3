using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>
/// A vendor over the real port, which does as a test tells it and keeps books of its own: what it took, what it billed. A webhook of its is believed when its
/// header says the secret.
/// </summary>
internal sealed class ScriptedVendor : IProvider, IHookReader
{
    public const string Secret = "open sesame";

    private int _submits;
    private int _polls;
    private int _fetches;

    /// <summary>What each call of the work gets; in the order of calls, the last for all that follow.</summary>
    public Func<int, ProviderCall, CancellationToken, Task<Submission>> OnSubmit { get; set; } = (n, _, _) => Task.FromResult(Accepted($"v{n}"));

    public Func<int, ProviderJob, CancellationToken, Task<JobReport>> OnPoll { get; set; } = (_, job, _) => Task.FromResult(Succeeded(job.VendorJobId));

    public Func<int, string, CancellationToken, Task<FetchOutcome>> OnFetch { get; set; } = (_, _, _) => Task.FromResult(new FetchOutcome(true));

    public Func<ProviderJob, CancelAnswer> OnCancel { get; set; } = _ => CancelAnswer.Asked;

    /// <summary>What comes for a job.</summary>
    public Func<string, byte[]> Bytes { get; set; } = id => Encoding.UTF8.GetBytes($"words of {id}");

    public string Name => "scripted";

    public bool Repeatable { get; init; }

    public int Submits => _submits;

    public int Polls => _polls;

    public int Fetches => _fetches;

    /// <summary>Every key that came, with how often.</summary>
    public ConcurrentDictionary<string, int> Keys { get; } = new();

    public ConcurrentQueue<ProviderCall> Calls { get; } = new();

    public ConcurrentQueue<string> Cancelled { get; } = new();

    public static Submission Accepted(string id, string? status = null) =>
        new(SubmissionClass.Accepted) { VendorJobId = id, Handles = new JsonObject { ["status_url"] = status ?? $"https://vendor.example/{id}" } };

    public static JobReport Succeeded(string id, long? cost = null) => new(JobStanding.Succeeded) { Results = [new(null, $"https://vendor.example/{id}/result", null)], CostMicros = cost };

    public Task<Submission> SubmitAsync(ProviderCall call, CancellationToken cancellation)
    {
        Keys.AddOrUpdate(call.IdempotencyKey, 1, (_, times) => times + 1);
        Calls.Enqueue(call);
        return OnSubmit(Interlocked.Increment(ref _submits), call, cancellation);
    }

    public Task<JobReport> PollAsync(ProviderJob job, CancellationToken cancellation) => OnPoll(Interlocked.Increment(ref _polls), job, cancellation);

    public Task<CancelAnswer> CancelAsync(ProviderJob job, CancellationToken cancellation)
    {
        Cancelled.Enqueue(job.VendorJobId);
        return Task.FromResult(OnCancel(job));
    }

    public async Task<FetchOutcome> FetchAsync(ProviderJob job, ProviderResult result, string file, CancellationToken cancellation)
    {
        var outcome = await OnFetch(Interlocked.Increment(ref _fetches), file, cancellation);
        if (outcome.Fetched)
        {
            await File.WriteAllBytesAsync(file, Bytes(job.VendorJobId), cancellation);
        }

        return outcome;
    }

    public HookNotice Read(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (headers.GetValueOrDefault("x-secret") != Secret)
        {
            return new(false, "The secret is wrong.", null, null, null);
        }

        var said = JsonNode.Parse(body.Span)!;
        var id = said["id"]!.GetValue<string>();
        return new(true, null, said["delivery"]?.GetValue<string>(), id, said["done"] is null ? null : Succeeded(id));
    }
}
