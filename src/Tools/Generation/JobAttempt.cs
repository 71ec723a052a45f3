using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Pipeline.Storage;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Generation;

/// <summary>Works on one claimed job: sends it, asks after it, stops it or fetches it, whichever its state asks for, and tells what became of that.</summary>
internal sealed class JobAttempt(
    IDatabase database, IObjectStore objects, JobBook book, JobDelivery delivery, JobReferences references, ProviderDirectory providers, DataFolder folder, GenerationOptions options,
    TimeProvider time, ILoggerFactory logs)
{
    private const string Bytes = "result";
    private const string Fault = "provider_fault";
    private const string FaultMessage = "The provider's own code broke off the call.";

    private static readonly TimeSpan StorageRest = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = logs.CreateLogger<JobAttempt>();

    /// <param name="job">As claimed.</param>
    /// <param name="isFresh">Whether it was claimed to be sent; a job found as being sent lost its sender.</param>
    /// <param name="cut">The server's own end: what is under way is broken off and stays as it is stored.</param>
    public async Task RunAsync(JobRow job, bool isFresh, CancellationToken cut)
    {
        var provider = providers.Find(job.Provider);
        if (provider is null || (job.State == JobState.Submitting && !isFresh) || job.State == JobState.Planned)
        {
            await TellAsync(job, Without(job, provider, isFresh), cut).ConfigureAwait(false);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cut);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cut);
        using var files = WorkFolder.Create(folder.Work, $"{job.JobId}-{job.Generation}");
        var renewing = RenewAsync(job, provider, stop, done.Token);
        try
        {
            var hand = new Hand(job, provider, files, cut);
            var work = job.State switch
            {
                JobState.Submitting => SubmitAsync(hand, stop.Token),
                JobState.Fetching => FetchAsync(hand, stop.Token),
                _ => AskAsync(hand, stop.Token),
            };
            await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cut.IsCancellationRequested)
        {
            await TellAsync(job, new JobStopped(), cut).ConfigureAwait(false);
        }
        finally
        {
            await done.CancelAsync().ConfigureAwait(false);
            await renewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static JobEvent Without(JobRow job, IProvider? provider, bool isFresh) => job.State switch
    {
        JobState.Planned => job.CancelAsked != 0 ? new JobStopped() : new JobWaitedTooLong(),
        JobState.Submitting when !isFresh => new JobSenderLost(),
        JobState.Submitting => new JobSent(new(SubmissionClass.NotSent) { Code = "no_provider", Message = $"No provider '{job.Provider}' is configured on this node." }),
        JobState.Fetching => new JobNotFetched(new(false, Code: "no_provider")),
        _ => new JobReported(new(JobStanding.Unreachable) { Code = provider is null ? "no_provider" : null }),
    };

    private async Task SubmitAsync(Hand hand, CancellationToken stop)
    {
        var job = hand.Job;
        Submission outcome;
        using (var given = await references.OpenAsync(job, stop).ConfigureAwait(false))
        {
            outcome = given.Missing is { } missing
                ? new(SubmissionClass.Rejected) { Code = "reference_gone", Message = $"'{missing}' is no longer there." }
                : await HearAsync(job, () => hand.Provider.SubmitAsync(CallOf(job, given.Files, hand.Files), stop), new(SubmissionClass.Ambiguous) { Code = Fault, Message = FaultMessage }, stop).ConfigureAwait(false);
        }

        if (outcome.Class == SubmissionClass.Done && outcome.Results is [{ File: { } made }, ..])
        {
            if (File.Exists(made))
            {
                await BringAsync(job, new JobSent(outcome), made, hand.Cut).ConfigureAwait(false);
                return;
            }

            outcome = new(SubmissionClass.Ambiguous) { Code = "no_result_file", Message = "The provider said that it was done and left no file." };
        }

        if (await TellAsync(job, new JobSent(outcome), hand.Cut).ConfigureAwait(false) is { State: JobState.Fetching, Held: 1 } bought)
        {
            await FetchAsync(hand with { Job = bought }, stop).ConfigureAwait(false);
        }
    }

    // A provider that breaks its promise says nothing of what it did before.
    private async Task<T> HearAsync<T>(JobRow job, Func<Task<T>> ask, T broken, CancellationToken stop)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            _log.LogError(fault, "Provider {Provider} broke off the call of {JobId}", job.Provider, job.JobId);
            return broken;
        }
    }

    private async Task AskAsync(Hand hand, CancellationToken stop)
    {
        var job = hand.Job;
        var asked = JobOf(job, hand.Files);
        if (job is { CancelAsked: 1, CancelAnswer: null })
        {
            var answer = await HearAsync(job, () => hand.Provider.CancelAsync(asked, stop), CancelAnswer.Unreachable, stop).ConfigureAwait(false);
            if (answer != CancelAnswer.Unreachable)
            {
                await TellAsync(job, new JobCancelAnswered(answer), hand.Cut).ConfigureAwait(false);
                return;
            }

            // Asked for again next time; meanwhile it may have ended.
        }

        var report = await HearAsync(job, () => hand.Provider.PollAsync(asked, stop), new(JobStanding.Unreachable) { Code = Fault, Message = FaultMessage }, stop).ConfigureAwait(false);
        if (report is { Standing: JobStanding.Succeeded, Results: [{ File: { } made }, ..] } && File.Exists(made))
        {
            await BringAsync(job, new JobReported(report), made, hand.Cut).ConfigureAwait(false);
        }
        else if (await TellAsync(job, new JobReported(report), hand.Cut).ConfigureAwait(false) is { State: JobState.Fetching, Held: 1 } bought)
        {
            await FetchAsync(hand with { Job = bought }, stop).ConfigureAwait(false);
        }
    }

    private async Task FetchAsync(Hand hand, CancellationToken stop)
    {
        var (job, file) = (hand.Job, hand.Files.File(Bytes));
        var result = Wire.Read<IReadOnlyList<ProviderResult>>(job.Results)[0];
        var outcome = result.Url is null ? new(false, Gone: true, "result_lost", "Its bytes came with an answer that was lost with the server.")
            : await HearAsync(job, () => hand.Provider.FetchAsync(JobOf(job, hand.Files), result, file, stop), new(false, Code: Fault, Message: FaultMessage), stop).ConfigureAwait(false);
        if (outcome.Fetched)
        {
            await BringAsync(job, null, file, hand.Cut).ConfigureAwait(false);
        }
        else
        {
            await TellAsync(job, new JobNotFetched(outcome), hand.Cut).ConfigureAwait(false);
        }
    }

    private async Task BringAsync(JobRow job, JobEvent? first, string file, CancellationToken cut)
    {
        var stored = await InsistAsync(() => objects.AdoptAsync(file, cut), cut).ConfigureAwait(false);
        await InsistAsync(async () =>
        {
            await delivery.BringAsync(job, first, stored, cut).ConfigureAwait(false);
            return true;
        }, cut).ConfigureAwait(false);
    }

    private Task<JobRow?> TellAsync(JobRow job, JobEvent happened, CancellationToken cut) => InsistAsync(() => book.TellAsync(job, happened, cut), cut);

    // What was paid for and is known is not forgotten because the disk is full for a while.
    private async Task<T> InsistAsync<T>(Func<Task<T>> work, CancellationToken cut)
    {
        while (true)
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            catch (StorageFailedException failure)
            {
                _log.LogWarning(failure, "What became of a job waits: the store takes no changes");
                await Task.Delay(StorageRest, time, cut).ConfigureAwait(false);
            }
        }
    }

    // A call is never broken off because its claim passed on: its answer is worth having. What leaves nothing behind stops when it is cancelled.
    private async Task RenewAsync(JobRow job, IProvider provider, CancellationTokenSource stop, CancellationToken done)
    {
        while (true)
        {
            var wake = database.Signals.Ticket(JobsTable.ChannelOf(job.JobId));
            await Signals.WaitAsync(wake, options.Lease / 3, time, done).ConfigureAwait(false);
            try
            {
                var asked = await database.TransactAsync(job.Workspace, tx => JobsTable.RenewAsync(tx, job.JobId, job.Generation, (long)options.Lease.TotalMilliseconds), done).ConfigureAwait(false);
                if (asked == 1 && provider.Repeatable && job.State == JobState.Submitting)
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                }
            }
            catch (StorageFailedException failure)
            {
                _log.LogWarning(failure, "The claim of {JobId} could not be renewed", job.JobId);
            }
        }
    }

    private ProviderCall CallOf(JobRow job, IReadOnlyList<ReferenceFile> given, WorkFolder files) => new(
        job.JobId, job.SendKey, Wire.Read<ModelCard>(job.Card), job.Capability, job.Prompt, Wire.Read<JsonObject>(job.Parameters), given, files.Path,
        options.PublicUrl is { } server ? new Uri(server, $"/hooks/{Uri.EscapeDataString(job.Provider)}?job={job.JobId}") : null);

    private static ProviderJob JobOf(JobRow job, WorkFolder files) =>
        new(job.JobId, Wire.Read<ModelCard>(job.Card), job.VendorJobId ?? "", Wire.Read<JsonObject>(job.Handles), files.Path);

    /// <summary>A job in work. <see cref="Cut"/> is the server's end; what has been learnt is told until then.</summary>
    private sealed record Hand(JobRow Job, IProvider Provider, WorkFolder Files, CancellationToken Cut);
}
