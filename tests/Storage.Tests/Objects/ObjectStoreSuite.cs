using System.Security.Cryptography;
using System.Text;
using Pipeline.Storage.Objects;

namespace Pipeline.Storage.Tests.Objects;

/// <summary>What every back end promises of objects.</summary>
public abstract class ObjectStoreSuite : IDisposable
{
    private const string Absent = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly TemporaryFolder _folder = new();

    protected string Folder => _folder.Root;

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    public async Task What_was_put_comes_back(string text)
    {
        var store = Open();
        var stored = await PutAsync(store, text);

        Assert.Equal(new StoredObject(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), text.Length), stored);
        Assert.Equal(text.Length, await store.HeadAsync(stored.Sha256, CancellationToken.None));
        Assert.Equal(text, await ReadAsync(store, stored.Sha256, 0, null));
        using var local = await store.LocalAsync(stored.Sha256, CancellationToken.None);
        Assert.Equal(text, await File.ReadAllTextAsync(local.Path));
    }

    [Theory]
    [InlineData(0, 4L, "0123")]
    [InlineData(3, 4L, "3456")]
    [InlineData(3, null, "3456789")]
    [InlineData(8, 100L, "89")]
    [InlineData(8, long.MaxValue, "89")]
    [InlineData(10, null, "")]
    [InlineData(99, 5L, "")]
    [InlineData(2, 0L, "")]
    public async Task A_range_is_exactly_that(long offset, long? length, string expected)
    {
        var store = Open();
        var stored = await PutAsync(store, "0123456789");
        Assert.Equal(expected, await ReadAsync(store, stored.Sha256, offset, length));
        await using var content = await store.OpenAsync(stored.Sha256, offset, length, CancellationToken.None);
        Assert.Equal(expected.Length, content.Length);
    }

    [Fact]
    public async Task A_range_can_be_sought_in_and_not_left()
    {
        var store = Open();
        var stored = await PutAsync(store, "0123456789");
        await using var content = await store.OpenAsync(stored.Sha256, 2, 5, CancellationToken.None);
        content.Seek(-1, SeekOrigin.End);
        Assert.Equal('6', await NextAsync(content));
        Assert.Equal(-1, await NextAsync(content));
        content.Position = 1;
        Assert.Equal('3', await NextAsync(content));
        Assert.Throws<IOException>(() => content.Seek(-1, SeekOrigin.Begin));
        Assert.Throws<IOException>(() => content.Position = -2);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => store.OpenAsync(stored.Sha256, -1, 5, CancellationToken.None));
    }

    [Fact]
    public async Task The_same_content_twice_is_one_object()
    {
        var store = Open();
        var both = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => PutAsync(store, "the same"))));
        Assert.Single(both.Distinct());
        Assert.Equal("the same", await ReadAsync(store, both[0].Sha256, 0, null));
    }

    [Fact]
    public async Task A_finished_file_is_taken_over()
    {
        var store = Open();
        var file = _folder["finished.bin"];
        for (var round = 0; round < 2; round++)
        {
            await File.WriteAllTextAsync(file, "made by a program");
            var stored = await store.AdoptAsync(file, CancellationToken.None);
            Assert.False(File.Exists(file));
            Assert.Equal("made by a program", await ReadAsync(store, stored.Sha256, 0, null));
        }
    }

    [Fact]
    public async Task A_link_is_taken_over_as_what_it_leads_to_and_that_stays()
    {
        var store = Open();
        await File.WriteAllTextAsync(_folder["theirs"], "not ours to take");
        Directory.CreateDirectory(_folder["work"]);
        var link = Path.Combine(_folder["work"], "link");
        File.CreateSymbolicLink(link, _folder["theirs"]);
        var stored = await store.AdoptAsync(link, CancellationToken.None);
        await File.WriteAllTextAsync(_folder["theirs"], "changed");

        Assert.Equal("not ours to take", await ReadAsync(store, stored.Sha256, 0, null));
    }

    [Fact]
    public async Task What_is_not_there_is_said_to_be_missing()
    {
        var store = Open();
        Assert.Null(await store.HeadAsync(Absent, CancellationToken.None));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.OpenAsync(Absent, 0, null, CancellationToken.None));
        await Assert.ThrowsAsync<FileNotFoundException>(() => store.LocalAsync(Absent, CancellationToken.None));
        await store.DeleteAsync(Absent, CancellationToken.None);
    }

    [Fact]
    public async Task A_deleted_object_is_gone_and_can_come_back()
    {
        var store = Open();
        var stored = await PutAsync(store, "short-lived");
        await store.DeleteAsync(stored.Sha256, CancellationToken.None);
        Assert.Null(await store.HeadAsync(stored.Sha256, CancellationToken.None));
        await PutAsync(store, "short-lived");
        Assert.Equal("short-lived", await ReadAsync(store, stored.Sha256, 0, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../../../etc/passwd")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF")]
    [InlineData("../3456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task A_name_that_is_no_hash_is_refused(string name)
    {
        var store = Open();
        await Assert.ThrowsAsync<ArgumentException>(() => store.OpenAsync(name, 0, null, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.HeadAsync(name, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.LocalAsync(name, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => store.DeleteAsync(name, CancellationToken.None));
    }

    [Fact]
    public async Task A_large_stream_is_never_held_in_memory()
    {
        const long Size = 64 << 20;
        var store = Open();
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var stored = await store.PutAsync(new Endless(Size), CancellationToken.None);
        await using (var content = await store.OpenAsync(stored.Sha256, Size - 3, null, CancellationToken.None))
        {
            Assert.Equal(3, content.Length);
        }

        Assert.Equal(Size, stored.SizeBytes);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 16 << 20);
    }

    protected abstract IObjectStore Open();

    protected static Task<StoredObject> PutAsync(IObjectStore store, string text) =>
        store.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), CancellationToken.None);

    private static async Task<int> NextAsync(Stream content)
    {
        var one = new byte[1];
        return await content.ReadAsync(one) == 0 ? -1 : one[0];
    }

    protected static async Task<string> ReadAsync(IObjectStore store, string name, long offset, long? length)
    {
        await using var content = await store.OpenAsync(name, offset, length, CancellationToken.None);
        using var reader = new StreamReader(content);
        return await reader.ReadToEndAsync();
    }
}
