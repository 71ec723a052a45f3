namespace Pipeline.House.Tests;

/// <summary>The launcher as people and clients start it: one story, because each step needs what the one before built.</summary>
public sealed class LauncherTests(LauncherTree tree) : IClassFixture<LauncherTree>
{
    [Fact]
    public async Task It_builds_once_and_again_when_sources_change_and_becomes_the_program()
    {
        var unbuilt = await tree.RunAsync("stdio");
        Assert.Equal(1, unbuilt.Exit);
        Assert.Empty(unbuilt.Out);
        Assert.Contains($"'{tree.Root}/pipeline' doctor", unbuilt.Error, StringComparison.Ordinal);

        var both = await Task.WhenAll(tree.RunAsync("call", "two words", "", "*"), tree.RunAsync("tools"));
        Assert.Single(both, run => run.Error.Contains("building", StringComparison.Ordinal));
        Assert.All(both, run => Assert.Equal(0, run.Exit));
        Assert.All(both, run => Assert.Equal(["first", run.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture)], run.Out[..2]));
        Assert.Equal(["call", "two words", "*"], both[0].Out[2..]); // the empty one is dropped by the reader

        var again = await tree.RunAsync("stdio", "--toolsets", "locks");
        Assert.Equal("", again.Error);
        Assert.Equal(["first", again.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture), "stdio", "--toolsets", "locks"], again.Out);

        tree.Write("second");
        var stale = await tree.RunAsync("stdio");
        Assert.Equal("first", stale.Out[0]);
        Assert.Contains("newer", stale.Error, StringComparison.Ordinal);

        Assert.Equal("second", (await tree.RunAsync("serve")).Out[0]);
        var fresh = await tree.RunAsync("serve");
        Assert.Equal(("second", ""), (fresh.Out[0], fresh.Error));

        tree.Write("first");
        var back = await tree.RunAsync("serve");
        Assert.Equal(("first", ""), (back.Out[0], back.Error)); // known sources: nothing is built
    }

    [Fact]
    public void It_is_marked_to_be_run()
    {
        Assert.True(File.GetUnixFileMode(Path.Combine(Tree.Root, "pipeline")).HasFlag(UnixFileMode.UserExecute));
        Assert.True(File.GetUnixFileMode(Path.Combine(Tree.Root, ".ci/run")).HasFlag(UnixFileMode.UserExecute));
    }
}
