using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Tests.Runs;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>The server ends at each point of a job's life and another one opens on the same folder.</summary>
public sealed class RestartTests : IDisposable
{
    // Short, for back ends where a claim must lapse: others may be there who hold it.
    private static readonly GenerationOptions Brief = new() { Lease = TimeSpan.FromSeconds(3), StopGrace = TimeSpan.Zero };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-jobs-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Ended_before_the_call_it_is_made_once_after()
    {
        var vendor = new ScriptedVendor();
        await using (var before = await JobHouse.OpenAsync(vendor, _folder.FullName, options: Brief))
        {
            await before.BuyAsync("one", wait: 0); // nobody works here
        }

        await using var after = (await JobHouse.OpenAsync(vendor, _folder.FullName)).Start();
        var bought = await after.BuyAsync("one");

        Assert.Equal("done", bought.Text("state"));
        Assert.Equal(1, vendor.Submits);
    }

    [Fact]
    public async Task Ended_within_the_call_it_is_ambiguous_and_not_made_again()
    {
        var vendor = new ScriptedVendor { OnSubmit = Never };
        await using (var before = (await JobHouse.OpenAsync(vendor, _folder.FullName, options: Brief)).Start())
        {
            await before.BuyAsync("one", wait: 0);
            await EventuallyAsync(() => vendor.Submits == 1);
        }

        await using var after = (await JobHouse.OpenAsync(vendor, _folder.FullName)).Start();
        var lost = await after.BuyAsync("one");

        Assert.Equal(("ambiguous", "sender_lost"), (lost.Text("state"), lost.Text("code")));
        Assert.Equal(1, vendor.Submits);
        Assert.Empty(await after.ChargesAsync());
    }

    [Fact]
    public async Task Ended_within_a_call_that_may_be_repeated_it_is_made_again_under_the_same_key()
    {
        var vendor = new ScriptedVendor { Repeatable = true, OnSubmit = (n, call, cancellation) => n == 1 ? Never(n, call, cancellation) : Task.FromResult(ScriptedVendor.Accepted("v")) };
        await using (var before = (await JobHouse.OpenAsync(vendor, _folder.FullName, options: Brief)).Start())
        {
            await before.BuyAsync("one", wait: 0);
            await EventuallyAsync(() => vendor.Submits == 1);
        }

        await using var after = (await JobHouse.OpenAsync(vendor, _folder.FullName)).Start();
        var bought = await after.BuyAsync("one");

        Assert.Equal("done", bought.Text("state"));
        Assert.Equal(2, Assert.Single(vendor.Keys).Value);
    }

    [Fact]
    public async Task Ended_after_the_vendor_named_it_the_same_job_is_asked_after()
    {
        var asked = new List<string>();
        var isUp = false;
        var vendor = new ScriptedVendor
        {
            OnPoll = (_, job, _) =>
            {
                asked.Add($"{job.VendorJobId} {job.Handles["status_url"]}");
                return Task.FromResult(isUp ? ScriptedVendor.Succeeded(job.VendorJobId) : new(JobStanding.Running));
            },
        };
        await using (var before = (await JobHouse.OpenAsync(vendor, _folder.FullName, options: Brief)).Start())
        {
            await before.UntilAsync((await before.BuyAsync("one", wait: 0)).Text("job_id"), JobState.Accepted);
            await EventuallyAsync(() => vendor.Polls > 0);
        }

        isUp = true;
        await using var after = (await JobHouse.OpenAsync(vendor, _folder.FullName)).Start();
        var bought = await after.BuyAsync("one");

        Assert.Equal("done", bought.Text("state"));
        Assert.Equal(1, vendor.Submits);
        Assert.Equal("v1 https://vendor.example/v1", Assert.Single(asked.Distinct()));
    }

    [Fact]
    public async Task Ended_while_it_is_fetched_it_is_fetched_again()
    {
        var vendor = new ScriptedVendor { OnFetch = async (n, _, cancellation) => await NeverAsync(n, cancellation) };
        await using (var before = (await JobHouse.OpenAsync(vendor, _folder.FullName, options: Brief)).Start())
        {
            await before.BuyAsync("one", wait: 0);
            await EventuallyAsync(() => vendor.Fetches == 1);
        }

        await using var after = (await JobHouse.OpenAsync(vendor, _folder.FullName)).Start();
        var bought = await after.BuyAsync("one");

        Assert.Equal("done", bought.Text("state"));
        Assert.Equal((1, 2), (vendor.Submits, vendor.Fetches));
        Assert.Single(await after.ChargesAsync());

        static async Task<FetchOutcome> NeverAsync(int n, CancellationToken cancellation)
        {
            if (n == 1) await Task.Delay(Timeout.Infinite, cancellation);
            return new(true);
        }
    }

    [Fact]
    public async Task An_answer_that_comes_late_still_counts_and_a_zombie_changes_nothing()
    {
        var vendor = new ScriptedVendor();
        await using var house = await JobHouse.OpenAsync(vendor);
        var job = await house.JobAsync((await house.BuyAsync("one", wait: 0)).Text("job_id"));
        var (database, book) = (house.House.Database, house.House.Get<JobBook>());
        var first = Assert.Single(await database.TransactAsync(tx => JobsTable.ClaimPlannedAsync(tx, database.Dialect, "scripted", "words", 0, 10), default));
        var second = Assert.Single(await database.TransactAsync(tx => JobsTable.ClaimDueAsync(tx, database.Dialect, 60_000, 10), default));

        await book.TellAsync(second, new JobSenderLost(), default);
        var ambiguous = await house.JobAsync(job.JobId);
        var late = await book.TellAsync(first, new JobSent(ScriptedVendor.Accepted("late")), default);
        var zombie = await book.TellAsync(first, new JobSent(ScriptedVendor.Accepted("zombie")), default);
        var report = await book.TellAsync(second, new JobReported(new(JobStanding.Failed) { CostMicros = 9 }), default);

        Assert.Equal(JobState.Ambiguous, ambiguous.State);
        Assert.Equal((JobState.Accepted, "late"), (late!.State, late.VendorJobId));
        Assert.Null(zombie);
        Assert.Null(report);
        Assert.Empty(await house.ChargesAsync());
    }

    private static async Task<Submission> Never(int n, ProviderCall call, CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        return new(SubmissionClass.Ambiguous);
    }

    private static async Task EventuallyAsync(Func<bool> holds)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds()) await Task.Delay(20, late.Token);
    }
}
