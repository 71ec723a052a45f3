using Pipeline.Faults.Vendors;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Tests.Generation.Vendors;

public sealed class DownloadTests
{
    [Theory]
    [InlineData("plain-rest")]
    [InlineData("openai-video")]
    public async Task What_breaks_off_is_taken_up_where_it_stopped(string dialect)
    {
        await using var vendor = await Vendor.OpenAsync(dialect, VendorFault.ResultTruncated);
        var (outcome, file) = await FetchAsync(vendor);
        Assert.True(outcome.Fetched, outcome.ToString());
        Assert.Equal(await MadeMedia.OfAsync("video"), await File.ReadAllBytesAsync(file));
    }

    [Theory]
    [InlineData(VendorFault.ResultErrors, "vendor_error", 2)]
    [InlineData(VendorFault.ResultIsPage, "type_mismatch", 1)]
    public async Task A_download_that_fails_leaves_no_file_and_is_made_again(VendorFault fault, string code, int times)
    {
        await using var vendor = await Vendor.OpenAsync("replicate-predictions", fault);
        var (job, result) = await SucceedAsync(vendor);
        var file = Path.Combine(vendor.Folder, "result");
        for (var time = 0; time < times; time++)
        {
            var failed = await vendor.Provider.FetchAsync(job, result, file, CancellationToken.None);
            Assert.Equal((false, false, code), (failed.Fetched, failed.Gone, failed.Code));
            Assert.False(File.Exists(file));
        }

        Assert.True((await vendor.Provider.FetchAsync(job, result, file, CancellationToken.None)).Fetched);
        Assert.Single(vendor.Server.Bill.Jobs);
    }

    [Fact]
    public async Task A_result_that_is_gone_is_gone()
    {
        await using var vendor = await Vendor.OpenAsync("fal-queue", VendorFault.ResultGone);
        var (outcome, _) = await FetchAsync(vendor);
        Assert.Equal((false, true, "expired"), (outcome.Fetched, outcome.Gone, outcome.Code));
    }

    [Fact]
    public async Task A_result_larger_than_allowed_is_not_taken()
    {
        await using var vendor = await Vendor.OpenAsync("plain-rest");
        var (job, result) = await SucceedAsync(vendor);
        using var small = vendor.Make("""{"max_result_bytes": 100}""");
        Assert.Equal("too_large", (await small.FetchAsync(job, result, Path.Combine(vendor.Folder, "result"), CancellationToken.None)).Code);
    }

    [Fact]
    public async Task An_address_of_a_result_leads_to_no_private_host()
    {
        await using var vendor = await Vendor.OpenAsync("plain-rest");
        await using var inside = await VendorServer.StartAsync();
        var (job, result) = await SucceedAsync(vendor);
        var private1 = new ProviderResult(null, $"{inside.Url}files/rest-000001/out.mp4", null);
        var by = new ProviderResult(null, $"{vendor.Server.Url}elsewhere?to={Uri.EscapeDataString(inside.Url + "files/x/y")}", null);
        foreach (var address in (ProviderResult[])[private1, by, private1 with { Url = "http://169.254.169.254/latest/meta-data" }, private1 with { Url = "http://[::1]:80/x" }, private1 with { Url = "file:///etc/passwd" }])
        {
            var file = Path.Combine(vendor.Folder, "stolen");
            var outcome = await vendor.Provider.FetchAsync(job, address, file, CancellationToken.None);
            Assert.False(outcome.Fetched);
            Assert.True(outcome.Code == "egress_refused", $"{address.Url}: {outcome}");
            Assert.False(File.Exists(file));
        }

        using var listed = vendor.Make(egress: new EgressOptions { Hosts = [inside.Host] });
        Assert.Equal("expired", (await listed.FetchAsync(job, private1, Path.Combine(vendor.Folder, "x"), CancellationToken.None)).Code); // it was asked: there is no such file
        Assert.True((await vendor.Provider.FetchAsync(job, result, Path.Combine(vendor.Folder, "own"), CancellationToken.None)).Fetched);
    }

    private static async Task<(FetchOutcome Outcome, string File)> FetchAsync(Vendor vendor)
    {
        var (job, result) = await SucceedAsync(vendor);
        var file = Path.Combine(vendor.Folder, "result");
        return (await vendor.Provider.FetchAsync(job, result, file, CancellationToken.None), file);
    }

    private static async Task<(ProviderJob Job, ProviderResult Result)> SucceedAsync(Vendor vendor)
    {
        var job = vendor.Job(await vendor.Provider.SubmitAsync(vendor.Call(), CancellationToken.None));
        var report = await vendor.EndAsync(job);
        Assert.Equal(JobStanding.Succeeded, report.Standing);
        return (job, Assert.Single(report.Results));
    }
}
