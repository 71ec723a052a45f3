using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Assets;

public sealed class ScrubTests
{
    [Fact]
    public async Task A_scrub_names_what_is_missing_short_or_changed_and_a_forged_log()
    {
        await using var house = await House.OpenAsync(ObjectBackEnd.OnFiles, onServices: false);
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film", auto_index = false });
        foreach (var name in (string[])["changed", "short", "gone", "whole"])
        {
            await client.CallAsync("put_asset", new { asset = $"film/{name}.txt", text = $"the bytes of {name}" });
        }

        Assert.True((await RunAsync(house)).Ok);
        await SpoilAsync(house, "changed", file => File.WriteAllText(file, "the bytes of chonged"));
        await SpoilAsync(house, "short", file => File.WriteAllText(file, "the"));
        await SpoilAsync(house, "gone", File.Delete);
        await house.Database.TransactAsync(tx => tx.ExecuteAsync("update audit set agent='someone else' where workspace='film' and sequence=2"), CancellationToken.None);

        var report = await RunAsync(house);
        Assert.False(report.Ok);
        Assert.Equal(
            ["changed film/changed.txt@1", "missing film/gone.txt@1", "size film/short.txt@1"],
            report.Damaged.Select(one => $"{one.Problem} {Assert.Single(one.Assets)}").Order(StringComparer.Ordinal));
        Assert.Equal(new BrokenChain("film", 2), Assert.Single(report.Audit));
        Assert.Empty(report.Database);
        Assert.Equal(4, report.ObjectsChecked);

        await client.RefusedAsync("read_asset", new { asset = "film/changed.txt", length = 5 }, "asset_damaged");
        await client.CallAsync("put_asset", new { asset = "film/again.txt", text = "the bytes of changed" }); // the same bytes again mend it
        Assert.Equal("the bytes", (await client.CallAsync("read_asset", new { asset = "film/changed.txt", length = 9 })).GetProperty("text").GetString());
    }

    private static async Task<ScrubReport> RunAsync(House house)
    {
        await using var read = SqliteReading.Open(house.Get<Storage.DataFolder>().DatabaseFile, TimeProvider.System);
        return await new Scrub(read, house.Get<FileObjectStore>(), Toolbox.ObjectNames).RunAsync(new Progress<ScrubProgress>(), CancellationToken.None);
    }

    private static async Task SpoilAsync(House house, string name, Action<string> spoil)
    {
        var sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"the bytes of {name}")));
        using var local = await house.Objects.LocalAsync(sha256, CancellationToken.None);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(local.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        spoil(local.Path);
    }
}
