using System.Text.Json.Nodes;
using Pipeline.Faults.Vendors;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Tests.Generation.Vendors;

public sealed class JobTests
{
    public static TheoryData<string> Dialects => new(Vendor.WithJobs);

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_job_is_asked_after_and_its_result_fetched(string dialect)
    {
        await using var vendor = await Vendor.OpenAsync(dialect);
        var job = await TakeAsync(vendor);
        Assert.True((await vendor.Provider.PollAsync(job, CancellationToken.None)).Standing is JobStanding.Queued or JobStanding.Running or JobStanding.Succeeded);
        var report = await vendor.EndAsync(job);
        Assert.Equal(JobStanding.Succeeded, report.Standing);
        Assert.Equal(vendor.Server.Bill.TotalMicros, report.CostMicros);
        var file = Path.Combine(vendor.Folder, "result");
        Assert.True((await vendor.Provider.FetchAsync(job, Assert.Single(report.Results), file, CancellationToken.None)).Fetched);
        Assert.Equal(await MadeMedia.OfAsync("video"), await File.ReadAllBytesAsync(file));
        Assert.False(File.Exists(file + ".part"));
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_failed_job_says_why_and_what_it_cost(string dialect)
    {
        await using var vendor = await Vendor.OpenAsync(dialect, VendorFault.FailsBilled, VendorFault.FailsFree);
        for (var line = 0; line < 2; line++)
        {
            var report = await vendor.EndAsync(await TakeAsync(vendor));
            Assert.Equal(JobStanding.Failed, report.Standing);
            Assert.False(string.IsNullOrEmpty(report.Message), dialect);
            Assert.Equal(vendor.Server.Bill.Jobs[line].BilledMicros, report.CostMicros);
        }

        Assert.True(vendor.Server.Bill.Jobs[0].BilledMicros > 0 && vendor.Server.Bill.Jobs[1].BilledMicros == 0);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Trouble_with_asking_is_asked_again_and_changes_nothing(string dialect)
    {
        await using var vendor = await Vendor.OpenAsync(dialect, VendorFault.TroubledPolls);
        var job = await TakeAsync(vendor);
        var waits = new List<double?>();
        for (var ask = 0; ask < 4; ask++)
        {
            var report = await vendor.Provider.PollAsync(job, CancellationToken.None);
            Assert.Equal(JobStanding.Unreachable, report.Standing);
            waits.Add(report.RetryAfterSeconds);
        }

        Assert.Contains(1d, waits);
        Assert.Equal(JobStanding.Succeeded, (await vendor.EndAsync(job)).Standing);
        Assert.Single(vendor.Server.Bill.Jobs);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_result_that_is_no_longer_kept_is_expired_and_an_unknown_job_unknown(string dialect)
    {
        await using var vendor = await Vendor.OpenAsync(dialect, VendorFault.Expired);
        var job = await TakeAsync(vendor);
        var expired = await vendor.EndAsync(job);
        Assert.Equal((JobStanding.Expired, vendor.Server.Bill.TotalMicros), (expired.Standing, expired.CostMicros)); // gone, and paid for all the same
        var handles = JsonNode.Parse(job.Handles.ToJsonString().Replace(job.VendorJobId, "nobody", StringComparison.Ordinal))!.AsObject();
        Assert.Equal(JobStanding.Unknown, (await vendor.Provider.PollAsync(job with { VendorJobId = "nobody", Handles = handles }, CancellationToken.None)).Standing);
    }

    [Theory]
    [InlineData("fal-queue")]
    [InlineData("replicate-predictions")]
    [InlineData("plain-rest")]
    public async Task A_job_is_cancelled_or_it_is_too_late(string dialect)
    {
        await using var vendor = await Vendor.OpenAsync(dialect, new VendorSettings { JobTime = TimeSpan.FromSeconds(60) });
        var job = await TakeAsync(vendor);
        Assert.Equal(CancelAnswer.Asked, await vendor.Provider.CancelAsync(job, CancellationToken.None));
        Assert.True((await vendor.EndAsync(job)).Standing is JobStanding.Cancelled or JobStanding.Failed); // a queue that knows no third end says failed
        Assert.Equal(CancelAnswer.TooLate, await vendor.Provider.CancelAsync(job, CancellationToken.None));
        Assert.Equal(0, vendor.Server.Bill.TotalMicros);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_job_whose_answer_was_lost_is_asked_after_by_the_name_that_a_webhook_told(string dialect)
    {
        await using var vendor = await Vendor.OpenAsync(dialect, VendorFault.DropAfter);
        Assert.Equal(SubmissionClass.Ambiguous, (await vendor.Provider.SubmitAsync(vendor.Call(), CancellationToken.None)).Class);
        var report = await vendor.EndAsync(new ProviderJob("job-1", vendor.Card(), vendor.Server.Bill.Jobs[0].Id, [], vendor.Folder));
        Assert.Equal((JobStanding.Succeeded, 1), (report.Standing, report.Results.Count));
    }

    [Fact]
    public async Task A_vendor_without_cancelling_says_so()
    {
        await using var vendor = await Vendor.OpenAsync("openai-video");
        Assert.Equal(CancelAnswer.Unsupported, await vendor.Provider.CancelAsync(await TakeAsync(vendor), CancellationToken.None));
    }

    [Fact]
    public async Task A_vendor_that_is_gone_is_unreachable_and_not_lost()
    {
        var vendor = await Vendor.OpenAsync("plain-rest");
        var job = await TakeAsync(vendor);
        await vendor.Server.DisposeAsync();
        Assert.Equal(JobStanding.Unreachable, (await vendor.Provider.PollAsync(job, CancellationToken.None)).Standing);
        Assert.Equal(CancelAnswer.Unreachable, await vendor.Provider.CancelAsync(job, CancellationToken.None));
    }

    private static async Task<ProviderJob> TakeAsync(Vendor vendor)
    {
        var taken = await vendor.Provider.SubmitAsync(vendor.Call(), CancellationToken.None);
        Assert.Equal(SubmissionClass.Accepted, taken.Class);
        return vendor.Job(taken);
    }
}
