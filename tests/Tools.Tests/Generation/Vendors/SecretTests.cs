using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Faults.Vendors;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Tests.Generation.Vendors;

public sealed class SecretTests
{
    private const string Key = "sk-planted-4711-do-not-show";

    public static TheoryData<string> Dialects => new(Vendor.All);

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_key_that_the_vendor_repeats_stands_in_no_outcome(string dialect)
    {
        var left = new Queue<VendorFault>([VendorFault.Unauthorized, VendorFault.Refused, VendorFault.ErrorAfter, VendorFault.None]);
        await using var vendor = await Vendor.OpenAsync(dialect, new VendorSettings { Key = Key, Choose = () => left.Dequeue(), JobTime = TimeSpan.Zero });
        var said = new List<string>();
        for (var call = 0; call < 4; call++)
        {
            var outcome = await vendor.Provider.SubmitAsync(vendor.Call(), CancellationToken.None);
            said.Add(JsonSerializer.Serialize(outcome));
            if (outcome.Class == SubmissionClass.Accepted)
            {
                var job = vendor.Job(outcome);
                said.Add(JsonSerializer.Serialize(await vendor.EndAsync(job)));
                vendor.Environment["VENDOR_KEY"] = Key + "-wrong";
                said.Add(JsonSerializer.Serialize(await vendor.Provider.PollAsync(job, CancellationToken.None)));
            }
        }

        Assert.DoesNotContain("sk-planted", string.Concat(said), StringComparison.Ordinal);
        Assert.Contains("[key]", said[0], StringComparison.Ordinal); // the vendor did repeat it
    }

    [Fact]
    public async Task An_address_of_another_host_is_not_followed_with_the_key()
    {
        await using var vendor = await Vendor.OpenAsync("fal-queue");
        await using var thief = await HookReceiver.OpenAsync();
        var taken = await vendor.Provider.SubmitAsync(vendor.Call(), CancellationToken.None);
        var handles = new JsonObject { ["status_url"] = thief.Url.AbsoluteUri, ["response_url"] = thief.Url.AbsoluteUri, ["cancel_url"] = thief.Url.AbsoluteUri };
        var job = vendor.Job(taken) with { Handles = handles };
        var report = await vendor.Provider.PollAsync(job, CancellationToken.None);
        Assert.Equal((JobStanding.Unreachable, "handle_refused"), (report.Standing, report.Code));
        Assert.Equal(CancelAnswer.Unreachable, await vendor.Provider.CancelAsync(job, CancellationToken.None));
        var end = await vendor.EndAsync(vendor.Job(taken) with { Handles = new JsonObject { ["status_url"] = taken.Handles["status_url"]!.DeepClone(), ["response_url"] = thief.Url.AbsoluteUri } });
        Assert.Equal("handle_refused", end.Code);

        using var trusting = vendor.Make($$"""{"hosts": ["{{thief.Url.Authority}}"]}""");
        await trusting.PollAsync(job, CancellationToken.None);
        Assert.EndsWith(vendor.Server.Settings.Key, Assert.Single(await thief.TakeAsync(1)).Headers["Authorization"], StringComparison.Ordinal); // the only request that came
    }

    [Fact]
    public async Task The_key_goes_along_with_no_download_from_elsewhere()
    {
        await using var vendor = await Vendor.OpenAsync("openai-video");
        await using var elsewhere = await HookReceiver.OpenAsync();
        var job = vendor.Job(await vendor.Provider.SubmitAsync(vendor.Call(), CancellationToken.None));
        using var provider = vendor.Make($$"""{"result_hosts": ["{{elsewhere.Url.Authority}}"]}""");
        foreach (var address in (string[])[elsewhere.Url.AbsoluteUri, $"{vendor.Server.Url}elsewhere?to={Uri.EscapeDataString(elsewhere.Url.AbsoluteUri)}"])
        {
            await provider.FetchAsync(job, new(null, address, null), Path.Combine(vendor.Folder, "x"), CancellationToken.None);
            Assert.DoesNotContain("Authorization", Assert.Single(await elsewhere.TakeAsync(1)).Headers.Keys);
        }
    }
}
