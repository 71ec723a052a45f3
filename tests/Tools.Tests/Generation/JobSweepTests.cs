using System.Text.Json;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

public sealed class JobSweepTests
{
    [Fact]
    public async Task What_ended_long_ago_is_forgotten_and_what_money_or_doubt_needs_is_not()
    {
        var next = new Queue<Submission>([
            ScriptedVendor.Accepted("done"), new(SubmissionClass.Rejected) { Code = "no" }, new(SubmissionClass.Ambiguous) { Code = "timeout" }, ScriptedVendor.Accepted("unknown"),
            ScriptedVendor.Accepted("useless"), ScriptedVendor.Accepted("of-run"),
        ]);
        var vendor = new ScriptedVendor
        {
            OnSubmit = (_, _, _) => Task.FromResult(next.Dequeue()),
            OnPoll = (_, job, _) => Task.FromResult(job.VendorJobId == "unknown" ? new(JobStanding.Failed) { Code = "broken" } : ScriptedVendor.Succeeded(job.VendorJobId)),
            Bytes = id => id == "useless" ? [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52] : "words"u8.ToArray(),
        };
        var options = new GenerationOptions { StopGrace = TimeSpan.Zero, Kept = TimeSpan.FromMilliseconds(1) };
        await using var house = (await JobHouse.OpenAsync(vendor, options: options)).Start();
        var ids = new Dictionary<string, string>();
        foreach (var name in new[] { "done", "refused", "ambiguous", "unknown", "useless" }) ids[name] = (await house.BuyAsync(name, $"film/{name}.txt")).Text("job_id");
        var plan = JsonDocument.Parse("""{"steps": [{"id": "a", "capability": "x-work"}]}""").RootElement;
        var created = await house.Client.CallAsync("create_plan", new { workspace = "film", plan });
        var run = (await house.Client.CallAsync("start_run", new { plan_id = created.Text("plan_id") })).Text("run_id");
        var step = await house.Client.TakeAsync();
        ids["of-run"] = (await house.Client.CallAsync("generate_media", new { model = "words", prompt = "x", output = "film/r.txt", run_id = run, step_id = "a" })).Text("job_id");
        var charges = await house.ChargesAsync();

        await SweepAsync(house, () => KeptAsync(house, ids["refused"]));

        Assert.Equal(["ambiguous", "of-run", "unknown", "useless"], (await house.JobsAsync()).Select(job => ids.Single(id => id.Value == job.JobId).Key).Order());
        await house.Client.CompleteAsync(step, new { asset = "film/r.txt@1" });
        await house.Client.CallAsync("resolve_job", new { job_id = ids["unknown"], verdict = "billed" });
        await SweepAsync(house, () => KeptAsync(house, ids["unknown"]));

        Assert.Equal(["ambiguous", "useless"], (await house.JobsAsync()).Select(job => ids.Single(id => id.Value == job.JobId).Key).Order());
        Assert.Equal(charges.Count + 1, (await house.ChargesAsync()).Count);
        Assert.Equal("words", await house.TextAsync("film/done.txt"));
    }

    private static async Task<bool> KeptAsync(JobHouse house, string jobId) => await house.House.Database.ReadAsync(query => JobsTable.FindAsync(query, jobId), default) is not null;

    private static async Task SweepAsync(JobHouse house, Func<Task<bool>> isStillThere)
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var sweep = house.House.GetAll<IBackgroundWork>().Single(work => work.GetType().Name == "JobSweep").RunAsync(stop.Token);
        while (await isStillThere())
        {
            Assert.False(stop.IsCancellationRequested, "Nothing was forgotten.");
            await Task.Delay(20);
        }

        await stop.CancelAsync();
        await Record.ExceptionAsync(() => sweep);
    }
}
