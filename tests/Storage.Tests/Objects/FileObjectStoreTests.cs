using Pipeline.Storage.Objects;

namespace Pipeline.Storage.Tests.Objects;

[Collection("alone")]
public sealed class FileObjectStoreTests : ObjectStoreSuite
{
    private string Work => Path.Combine(Folder, "work");

    [Fact]
    public async Task An_object_can_only_be_read()
    {
        var stored = await PutAsync(Open(), "fixed");
        Assert.Equal(UnixFileMode.UserRead, File.GetUnixFileMode(PathOf(stored.Sha256)));
    }

    [Fact]
    public async Task A_stream_that_breaks_leaves_nothing()
    {
        var store = Open();
        await Assert.ThrowsAsync<TimeoutException>(() => store.PutAsync(new Endless(300_000, new TimeoutException()), CancellationToken.None));
        Assert.Empty(Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_cancelled_put_leaves_nothing()
    {
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Open().PutAsync(new MemoryStream([1, 2, 3]), source.Token));
        Assert.Empty(Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_shortened_object_is_mended_by_putting_it_again()
    {
        var store = Open();
        var stored = await PutAsync(store, "whole");
        File.SetUnixFileMode(PathOf(stored.Sha256), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(PathOf(stored.Sha256), "who");

        await PutAsync(store, "whole");
        Assert.Equal("whole", await ReadAsync(store, stored.Sha256, 0, null));
    }

    [Fact]
    public async Task A_file_in_the_work_folder_is_moved_and_not_copied()
    {
        var store = Open();
        var file = Path.Combine(Work, "made");
        await File.WriteAllTextAsync(file, "made by a program");
        var before = Inode(file);
        var stored = await store.AdoptAsync(file, CancellationToken.None);

        Assert.Equal(before, Inode(PathOf(stored.Sha256)));
        Assert.Empty(Directory.EnumerateFiles(Work));
    }

    protected override IObjectStore Open() => new FileObjectStore(Folder);

    private static string Inode(string file)
    {
        using var stat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("stat", ["-c", "%i", file]) { RedirectStandardOutput = true })!;
        return stat.StandardOutput.ReadToEnd();
    }

    private string PathOf(string sha256) => Path.Combine(Folder, "objects", sha256[..2], sha256[2..]);
}

/// <summary>Tests that measure the whole process: nothing runs beside them.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
