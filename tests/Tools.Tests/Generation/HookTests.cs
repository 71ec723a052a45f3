using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Http;
using Pipeline.McpServer.Serving;
using Pipeline.Storage;
using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Tests.Runs;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>Webhooks of vendors: believed when verified, once each, and never needed.</summary>
public sealed class HookTests
{
    private static readonly Dictionary<string, string> Signed = new() { ["x-secret"] = ScriptedVendor.Secret };

    [Fact]
    public async Task A_verified_report_ends_a_job_once_and_a_forged_one_changes_nothing()
    {
        var vendor = new ScriptedVendor { OnPoll = (_, _, _) => Task.FromResult(new JobReport(JobStanding.Running) { RetryAfterSeconds = 3600 }) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var job = (await house.BuyAsync("one", wait: 0)).Text("job_id");
        await house.UntilAsync(job, JobState.Accepted);
        while (vendor.Polls == 0) await Task.Delay(20);

        Assert.False(await HookAsync(house, new() { ["x-secret"] = "guess" }, """{"id": "v1", "done": true, "delivery": "d0"}"""));
        Assert.True(await HookAsync(house, Signed, """{"id": "unheard of", "done": true, "delivery": "d1"}"""));
        Assert.Equal(JobState.Accepted, (await house.JobAsync(job)).State);
        var told = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => HookAsync(house, Signed, """{"id": "v1", "done": true, "delivery": "d2"}""")));
        await house.UntilAsync(job, JobState.Done);
        Assert.True(await HookAsync(house, Signed, """{"id": "v1", "done": true, "delivery": "d3"}"""));

        Assert.DoesNotContain(false, told);
        Assert.Single(await house.ChargesAsync());
        Assert.Equal("film/out.txt@1", (await house.JobAsync(job)).Asset);
    }

    [Fact]
    public async Task A_report_without_an_end_wakes_the_poller()
    {
        var isDone = false;
        var vendor = new ScriptedVendor { OnPoll = (_, job, _) => Task.FromResult(isDone ? ScriptedVendor.Succeeded(job.VendorJobId) : new(JobStanding.Running) { RetryAfterSeconds = 3600 }) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var job = (await house.BuyAsync("one", wait: 0)).Text("job_id");
        while (vendor.Polls == 0) await Task.Delay(20);
        isDone = true;
        while ((await house.JobAsync(job)).Held == 1) await Task.Delay(20);

        await HookAsync(house, Signed, """{"id": "v1", "delivery": "d"}""");

        await house.UntilAsync(job, JobState.Done);
    }

    [Fact]
    public async Task An_ambiguous_job_is_reconciled_by_a_webhook_that_names_it()
    {
        var vendor = new ScriptedVendor { OnSubmit = (_, _, _) => Task.FromResult(new Submission(SubmissionClass.Ambiguous) { Code = "timeout" }) };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var lost = await house.BuyAsync("one");

        await HookAsync(house, Signed, """{"id": "vendors own", "done": true, "delivery": "d"}""", lost.Text("job_id"));
        var job = await house.UntilAsync(lost.Text("job_id"), JobState.Done);

        Assert.Equal(("vendors own", JobHouse.Price), (job.VendorJobId, Assert.Single(await house.ChargesAsync()).CostMicros));
        Assert.Equal(1, vendor.Submits);
    }

    [Fact]
    public async Task A_webhook_that_overtakes_a_lost_answer_saves_the_job()
    {
        var overtaken = new TaskCompletionSource();
        var vendor = new ScriptedVendor { OnSubmit = async (_, _, cancellation) => { await overtaken.Task.WaitAsync(cancellation); return new(SubmissionClass.Ambiguous) { Code = "timeout" }; } };
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        var id = (await house.BuyAsync("one", wait: 0)).Text("job_id");
        await house.UntilAsync(id, JobState.Submitting);

        await HookAsync(house, Signed, """{"id": "early", "done": true, "delivery": "d"}""", id);
        overtaken.SetResult();

        Assert.Equal("early", (await house.UntilAsync(id, JobState.Done)).VendorJobId);
    }

    [Fact]
    public async Task Over_HTTP_only_what_is_signed_is_taken_and_only_so_much()
    {
        var root = Directory.CreateTempSubdirectory("pipeline-hooks-");
        using (var folder = DataFolder.TryOwn(Path.Combine(root.FullName, "data"))!)
        {
            var composition = await PipelineHost.OpenAsync(folder, services => services.AddSingleton<IProvider>(new ScriptedVendor()), default);
            await using (composition)
            {
                await using var door = await HttpDoor.OpenAsync(new() { Url = new("http://127.0.0.1:0") }, composition, new ConnectionLimits(), TimeProvider.System, default);
                using var client = new HttpClient { BaseAddress = door.Url };

                Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(client, "scripted", "guess", "{}"));
                Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(client, "nobody", ScriptedVendor.Secret, "{}"));
                Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(client, "local", ScriptedVendor.Secret, "{}"));
                Assert.Equal(HttpStatusCode.OK, await PostAsync(client, "scripted", ScriptedVendor.Secret, """{"id": "x", "delivery": "d"}"""));
                Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(client, "scripted", ScriptedVendor.Secret, new string(' ', 300_000)));
                Assert.Equal(HttpStatusCode.MethodNotAllowed, (await client.GetAsync("/hooks/scripted")).StatusCode);
            }
        }

        root.Delete(recursive: true);
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, string provider, string secret, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/hooks/{provider}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Secret", secret);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static Task<bool> HookAsync(JobHouse house, Dictionary<string, string> headers, string body, string? job = null) =>
        house.House.Get<VendorHooks>().TakeAsync("scripted", headers, Encoding.UTF8.GetBytes(body), job, default);
}
