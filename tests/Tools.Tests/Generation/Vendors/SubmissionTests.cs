using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Pipeline.Faults.Vendors;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Tests.Generation.Vendors;

public sealed class SubmissionTests
{
    public static TheoryData<string> Dialects => new(Vendor.All);

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task What_the_vendor_refuses_is_unbilled_and_says_what_to_do(string dialect)
    {
        await using var vendor = await Vendor.OpenAsync(dialect, VendorFault.RateLimited, VendorFault.RateLimitedSilently, VendorFault.Quota, VendorFault.Unauthorized, VendorFault.Refused);
        var limited = await SubmitAsync(vendor);
        Assert.Equal((SubmissionClass.Rejected, "rate_limited", true, 1d), (limited.Class, limited.Code, limited.Retryable, limited.RetryAfterSeconds));
        var silent = await SubmitAsync(vendor);
        Assert.Equal((SubmissionClass.Rejected, "rate_limited", true, null), (silent.Class, silent.Code, silent.Retryable, silent.RetryAfterSeconds));
        var quota = await SubmitAsync(vendor);
        Assert.Equal((SubmissionClass.Rejected, "quota_exhausted", false), (quota.Class, quota.Code, quota.Retryable));
        var unknown = await SubmitAsync(vendor);
        Assert.Equal((SubmissionClass.Rejected, "unauthorized", false), (unknown.Class, unknown.Code, unknown.Retryable));
        var refused = await SubmitAsync(vendor);
        Assert.Equal((SubmissionClass.Rejected, dialect.StartsWith("fal", StringComparison.Ordinal) || dialect.StartsWith("openai", StringComparison.Ordinal) ? "refused_content" : "bad_request", false), (refused.Class, refused.Code, refused.Retryable));
        Assert.Empty(vendor.Server.Bill.Jobs);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task What_was_sent_and_not_clearly_answered_is_ambiguous_billed_or_not(string dialect)
    {
        VendorFault[] unbilled = [VendorFault.ErrorBefore, VendorFault.Overloaded, VendorFault.DropBefore];
        VendorFault[] billed = [VendorFault.ErrorAfter, VendorFault.DropAfter, VendorFault.Garbled, VendorFault.Truncated, VendorFault.TimeoutAfter];
        await using var vendor = await Vendor.OpenAsync(dialect, [.. unbilled, .. billed]);
        using var hasty = vendor.Make("""{"timeout_seconds": 1}""");
        foreach (var fault in unbilled.Concat(billed))
        {
            var outcome = await hasty.SubmitAsync(vendor.Call(), CancellationToken.None);
            Assert.True(outcome.Class == SubmissionClass.Ambiguous, $"{fault}: {outcome}");
            Assert.False(outcome.Retryable, fault.ToString());
            Assert.Equal(fault == VendorFault.TimeoutAfter ? "timeout" : "vendor_error", outcome.Code);
        }

        Assert.Equal(billed.Length, vendor.Server.Bill.Jobs.Count);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task What_the_vendor_takes_is_named_or_done_with_one_key_on_every_attempt(string dialect)
    {
        await using var vendor = await Vendor.OpenAsync(dialect, VendorFault.None, VendorFault.Slow);
        for (var line = 1; line <= 2; line++)
        {
            var taken = await SubmitAsync(vendor);
            Assert.Equal(Vendor.WithJobs.Contains(dialect) ? SubmissionClass.Accepted : SubmissionClass.Done, taken.Class);
            if (taken.Class == SubmissionClass.Done)
            {
                Assert.True(new FileInfo(Assert.Single(taken.Results).File!).Length > 10);
                Assert.Equal(vendor.Server.Bill.Jobs[^1].BilledMicros, taken.CostMicros);
            }
            else
            {
                Assert.Equal(vendor.Server.Bill.Jobs[^1].Id, taken.VendorJobId);
            }
        }

        Assert.All(vendor.Server.Bill.Requests, request => Assert.Equal(("a red door opens", "intent-1"), (request.Intent, request.Key)));
    }

    [Fact]
    public async Task Nothing_is_sent_where_no_connection_comes_about()
    {
        await using var vendor = await Vendor.OpenAsync("plain-rest");
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        foreach (var address in (string[])[$"http://127.0.0.1:{port}", "http://no-such-host.invalid", vendor.Server.Url.ToString().Replace("http:", "https:", StringComparison.Ordinal)])
        {
            using var provider = vendor.Make($$"""{"base_url": "{{address}}"}""");
            var outcome = await provider.SubmitAsync(vendor.Call(), CancellationToken.None);
            Assert.True(outcome.Class == SubmissionClass.NotSent, $"{address}: {outcome}");
        }

        Assert.Empty(vendor.Server.Bill.Requests);
    }

    [Fact]
    public async Task A_peer_that_takes_the_connection_and_closes_it_leaves_the_outcome_unknown()
    {
        await using var vendor = await Vendor.OpenAsync("plain-rest");
        using var rude = new TcpListener(IPAddress.Loopback, 0);
        rude.Start();
        var closing = CloseAsync(rude);
        using var provider = vendor.Make($$"""{"base_url": "http://127.0.0.1:{{((IPEndPoint)rude.LocalEndpoint).Port}}"}""");
        Assert.Equal(SubmissionClass.Ambiguous, (await provider.SubmitAsync(vendor.Call(), CancellationToken.None)).Class);
        Assert.Equal(1, await closing); // and it was asked once
    }

    [Fact]
    public async Task Only_what_the_dialect_says_is_unbilled_makes_a_5xx_a_refusal()
    {
        await using var vendor = await Vendor.OpenAsync("plain-rest", VendorFault.Overloaded, VendorFault.ErrorBefore);
        using var provider = vendor.Make("""{"overrides": {"errors": {"rules": [{"status": [503], "words": ["not_processed"], "code": "rate_limited", "retryable": true, "unbilled": true}]}}}""");
        var said = await provider.SubmitAsync(vendor.Call(), CancellationToken.None);
        Assert.Equal((SubmissionClass.Rejected, "rate_limited", true), (said.Class, said.Code, said.Retryable));
        Assert.Equal(SubmissionClass.Ambiguous, (await provider.SubmitAsync(vendor.Call(), CancellationToken.None)).Class);
    }

    [Fact]
    public async Task A_cancelled_call_throws_and_a_missing_key_sends_nothing()
    {
        await using var vendor = await Vendor.OpenAsync("plain-rest", VendorFault.TimeoutAfter);
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => vendor.Provider.SubmitAsync(vendor.Call(), soon.Token));
        vendor.Environment["VENDOR_KEY"] = null;
        var refused = await SubmitAsync(vendor);
        Assert.Equal((SubmissionClass.Rejected, "unauthorized"), (refused.Class, refused.Code));
        Assert.Contains("VENDOR_KEY", refused.Message, StringComparison.Ordinal);
        Assert.Single(vendor.Server.Bill.Requests);
    }

    [Fact]
    public async Task A_model_whose_name_cannot_stand_in_an_address_is_not_called()
    {
        await using var vendor = await Vendor.OpenAsync("fal-queue");
        using var provider = vendor.Make("""{"models": {"film-1": "studio/../admin"}}""");
        var refused = await provider.SubmitAsync(vendor.Call(), CancellationToken.None);
        Assert.Equal((SubmissionClass.Rejected, "bad_request"), (refused.Class, refused.Code));
        Assert.Empty(vendor.Server.Bill.Requests);
    }

    [Fact]
    public async Task Parameters_go_where_the_dialect_has_a_place_for_them()
    {
        await using var vendor = await Vendor.OpenAsync("plain-rest");
        var parameters = new JsonObject { ["duration_seconds"] = 4, ["seed"] = 7 };
        Assert.Equal(SubmissionClass.Accepted, (await vendor.Provider.SubmitAsync(vendor.Call(parameters: parameters), CancellationToken.None)).Class);
    }

    private static Task<Submission> SubmitAsync(Vendor vendor) => vendor.Provider.SubmitAsync(vendor.Call(), CancellationToken.None);

    private static async Task<int> CloseAsync(TcpListener rude)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var taken = 0;
        try
        {
            while (true)
            {
                using var peer = await rude.AcceptSocketAsync(patience.Token);
                taken++;
                await peer.ReceiveAsync(new byte[64], patience.Token);
                peer.Close(0);
            }
        }
        catch (OperationCanceledException)
        {
            return taken;
        }
    }
}
