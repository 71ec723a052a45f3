namespace Pipeline.Storage.Tests;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_owner_gets_nothing_until_the_first_is_gone()
    {
        using var child = Child.Start("own", _folder["data"]);
        Assert.Equal("owned", await child.SaysAsync());
        Assert.Null(DataFolder.TryOwn(_folder["data"]));

        await child.KillAsync();
        using var owned = DataFolder.TryOwn(_folder["data"]);
        Assert.NotNull(owned);
        using var other = Child.Start("own", _folder["data"]);
        Assert.Equal("taken", await other.SaysAsync());
    }

    [Fact]
    public void A_second_owner_in_the_same_process_gets_nothing()
    {
        using var owned = DataFolder.TryOwn(_folder["data"]);
        File.WriteAllText(Path.Combine(owned!.Work, "busy"), "");
        Assert.Null(DataFolder.TryOwn(_folder["data"]));
        Assert.True(File.Exists(Path.Combine(owned.Work, "busy")));
    }

    [Fact]
    public void What_a_crash_left_is_removed()
    {
        string left;
        using (var owned = DataFolder.TryOwn(_folder["data"]))
        {
            left = Path.Combine(owned!.Work, "put-123");
            File.WriteAllText(left, "half an object");
        }

        using var next = DataFolder.TryOwn(_folder["data"]);
        Assert.False(File.Exists(left));
        Assert.True(Directory.Exists(next!.Work));
    }

    [Fact]
    public void Nobody_else_may_look_inside()
    {
        Directory.CreateDirectory(_folder["data"]);
        using var owned = DataFolder.TryOwn(_folder["data"]);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(owned!.Root));
    }

    [Fact]
    public void A_folder_with_other_things_in_it_is_refused_untouched()
    {
        Directory.CreateDirectory(_folder["work"]);
        File.WriteAllText(Path.Combine(_folder["work"], "thesis.txt"), "years");
        var mode = File.GetUnixFileMode(_folder.Root);

        var failure = Assert.Throws<IOException>(() => DataFolder.TryOwn(_folder.Root));
        Assert.Contains("'work'", failure.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_folder["work"], "thesis.txt")));
        Assert.Equal(mode, File.GetUnixFileMode(_folder.Root));
    }

    [Fact]
    public void A_log_that_a_relay_left_first_is_no_obstacle()
    {
        Directory.CreateDirectory(_folder["data"]);
        File.WriteAllText(Path.Combine(_folder["data"], "owner.log"), "starting");
        using var owned = DataFolder.TryOwn(_folder["data"]);
        Assert.NotNull(owned);
    }
}
