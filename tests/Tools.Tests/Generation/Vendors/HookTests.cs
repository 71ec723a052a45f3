using System.Text;
using Pipeline.Faults.Vendors;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Tests.Generation.Vendors;

public sealed class HookTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("fal-queue", """{"request_id": "j1", "status": "OK", "payload": {"video": {"url": "https://v3.example.com/a.mp4"}}, "cost_micros": 5}""", JobStanding.Succeeded)]
    [InlineData("fal-queue", """{"request_id": "j1", "status": "ERROR", "error": "it broke", "payload": null, "cost_micros": 5}""", JobStanding.Failed)]
    [InlineData("replicate-predictions", """{"id": "j1", "status": "succeeded", "output": ["https://r.example.com/a.mp4"], "cost_micros": 5}""", JobStanding.Succeeded)]
    [InlineData("replicate-predictions", """{"id": "j1", "status": "canceled", "output": null, "cost_micros": 5}""", JobStanding.Cancelled)]
    [InlineData("plain-rest", """{"job_id": "j1", "status": "failed", "error": {"code": "x", "message": "y"}, "cost_micros": 5}""", JobStanding.Failed)]
    public async Task A_signed_webhook_is_read(string dialect, string body, JobStanding standing)
    {
        await using var vendor = await OpenAsync(dialect);
        var notice = Read(vendor, body, Now);
        Assert.True(notice.Verified, notice.Problem);
        Assert.Equal(("d1", "j1", standing, 5L), (notice.DeliveryId, notice.VendorJobId, notice.Report!.Standing, notice.Report.CostMicros));
        Assert.Equal(standing == JobStanding.Succeeded ? 1 : 0, notice.Report.Results.Count);
        Assert.Equal(notice.DeliveryId, Read(vendor, body, Now.AddSeconds(60)).DeliveryId); // a repetition bears the same id
    }

    [Fact]
    public async Task A_webhook_that_only_says_that_it_is_over_leads_to_a_question()
    {
        await using var vendor = await OpenAsync("openai-video");
        var notice = Read(vendor, """{"type": "video.completed", "data": {"id": "j1"}}""", Now);
        Assert.True(notice.Verified, notice.Problem);
        Assert.Equal(("j1", null), (notice.VendorJobId, notice.Report));
    }

    [Theory]
    [InlineData("fal-queue")]
    [InlineData("replicate-predictions")]
    [InlineData("openai-video")]
    [InlineData("plain-rest")]
    public async Task What_is_forged_old_changed_or_unsigned_is_not_believed(string dialect)
    {
        await using var vendor = await OpenAsync(dialect);
        await using var other = await VendorServer.StartAsync(new() { HookSecret = "whsec_" + Convert.ToBase64String(new byte[32]) });
        const string Body = """{"request_id": "j1", "job_id": "j1", "id": "j1", "data": {"id": "j1"}, "status": "OK"}""";
        var door = Door(dialect);
        var signed = vendor.Server.SignHook(door, "d1", Now, Body);
        Assert.True(Read(vendor, signed, Body, Now).Verified);
        Assert.True(Read(vendor, signed.ToDictionary(header => header.Key.ToUpperInvariant(), header => header.Value), Body, Now).Verified);

        var signature = door == "fal" ? "X-Fal-Webhook-Signature" : "webhook-signature";
        var (id, time) = door == "fal" ? ("X-Fal-Webhook-Request-Id", "X-Fal-Webhook-Timestamp") : ("webhook-id", "webhook-timestamp");
        Refused(Read(vendor, signed, Body, Now.AddSeconds(301)));
        Refused(Read(vendor, signed, Body, Now.AddSeconds(-301)));
        Refused(Read(vendor, signed, Body + " ", Now));
        Refused(Read(vendor, [], Body, Now));
        foreach (var missing in (string[])[signature, id, time])
        {
            Refused(Read(vendor, signed.Where(header => header.Key != missing).ToDictionary(), Body, Now));
        }

        Refused(Read(vendor, new(signed) { [id] = "d2" }, Body, Now));
        Refused(Read(vendor, new(signed) { [time] = (Now.ToUnixTimeSeconds() + 1).ToString(null, null) }, Body, Now));
        Refused(Read(vendor, new(signed) { [signature] = "" }, Body, Now));
        Refused(Read(vendor, new(signed) { [signature] = new string('0', 128) }, Body, Now));
        if (door != "fal")
        {
            Refused(Read(vendor, other.SignHook(door, "d1", Now, Body), Body, Now));
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("not json")]
    [InlineData("""{"status": "succeeded"}""")]
    public async Task A_signed_webhook_that_names_no_job_is_not_read(string body)
    {
        await using var vendor = await OpenAsync("plain-rest");
        Refused(Read(vendor, body, Now));
    }

    [Fact]
    public async Task Without_secret_or_keys_nothing_is_believed()
    {
        await using var vendor = await OpenAsync("plain-rest");
        vendor.Environment["VENDOR_HOOK"] = null;
        Refused(Read(vendor, """{"job_id": "j1", "status": "succeeded"}""", Now));
        await using var images = await Vendor.OpenAsync("openai-images");
        Refused(Read(images, "{}", Now));
    }

    [Fact]
    public async Task The_vendor_tells_by_itself_and_what_it_says_holds()
    {
        await using var receiver = await HookReceiver.OpenAsync();
        foreach (var dialect in (string[])["fal-queue", "replicate-predictions", "plain-rest"])
        {
            await using var vendor = await Vendor.OpenAsync(dialect, VendorFault.HookForged, VendorFault.HookTwice);
            for (var job = 0; job < 2; job++)
            {
                var taken = await vendor.Provider.SubmitAsync(vendor.Call(hook: receiver.Url), CancellationToken.None);
                var came = await receiver.TakeAsync(job == 0 ? 2 : 3);
                var notices = came.Select(hook => vendor.Provider.Read(hook.Headers, hook.Body, TimeProvider.System.GetUtcNow())).ToList();
                Assert.Equal(job == 0 ? 1 : 3, notices.Count(notice => notice.Verified));
                Assert.All(notices.Where(notice => notice.Verified), notice => Assert.Equal((taken.VendorJobId, JobStanding.Succeeded), (notice.VendorJobId, notice.Report!.Standing)));
                Assert.Single(notices.Where(notice => notice.Verified).Select(notice => notice.DeliveryId).Distinct());
            }
        }
    }

    private static async Task<Vendor> OpenAsync(string dialect)
    {
        var vendor = await Vendor.OpenAsync(dialect);
        await vendor.Provider.SubmitAsync(vendor.Call(hook: new("https://pipeline.example.com/hooks/vendor")), CancellationToken.None); // brings the public keys
        return vendor;
    }

    private static string Door(string dialect) => dialect switch { "fal-queue" => "fal", "plain-rest" => "rest", "openai-video" => "openai", _ => "replicate" };

    private static HookNotice Read(Vendor vendor, string body, DateTimeOffset now) => Read(vendor, vendor.Server.SignHook(Door(vendor.Dialect), "d1", Now, body), body, now);

    private static HookNotice Read(Vendor vendor, Dictionary<string, string> headers, string body, DateTimeOffset now) => vendor.Provider.Read(headers, Encoding.UTF8.GetBytes(body), now);

    private static void Refused(HookNotice notice)
    {
        Assert.False(notice.Verified);
        Assert.NotNull(notice.Problem);
        Assert.Equal((null, null, null), (notice.DeliveryId, notice.VendorJobId, notice.Report));
    }
}
