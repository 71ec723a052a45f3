using System.Security.Cryptography;
using Pipeline.Faults.Stores;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.Objects;

[Collection("alone")]
[Trait("needs", "services")]
public sealed class S3ObjectStoreTests : ObjectStoreSuite, IAsyncLifetime
{
    private readonly List<S3ObjectStore> _open = [];
    private TestBucket _bucket = null!;

    public async ValueTask InitializeAsync() => _bucket = await TestBucket.MakeAsync();

    public async ValueTask DisposeAsync()
    {
        _open.ForEach(store => store.Dispose());
        await _bucket.DisposeAsync();
        Dispose();
    }

    [Fact]
    public async Task A_large_object_goes_in_parts_and_comes_back_the_same()
    {
        var bytes = RandomNumberGenerator.GetBytes((20 << 20) + 12_345);
        var stored = await Store(options => options with { PartBytes = 5 << 20 }).PutAsync(new MemoryStream(bytes), CancellationToken.None);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), stored.Sha256);

        var other = Store();
        Assert.Equal(bytes.LongLength, await other.HeadAsync(stored.Sha256, CancellationToken.None));
        await using var middle = await other.OpenAsync(stored.Sha256, (5 << 20) - 100, 200, CancellationToken.None);
        var window = new byte[200];
        await middle.ReadExactlyAsync(window);
        Assert.Equal(bytes[((5 << 20) - 100)..((5 << 20) + 100)], window);
        using var local = await other.LocalAsync(stored.Sha256, CancellationToken.None);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(local.Path));
        Assert.Equal(new ObjectState(bytes.Length, true), await other.CheckAsync(stored.Sha256, CancellationToken.None));
        Assert.Equal(0, await _bucket.OpenPartsAsync());
    }

    [Fact]
    public async Task A_put_that_is_cancelled_or_breaks_leaves_nothing()
    {
        await using var proxy = new StoreProxy(TestBucket.Endpoint);
        using var source = new CancellationTokenSource();
        proxy.Faults = (_, path, _) =>
        {
            if (path.Contains("partNumber=3", StringComparison.Ordinal))
            {
                source.Cancel();
            }

            return null;
        };
        var store = Store(options => options with { Endpoint = proxy.Endpoint, PartBytes = 5 << 20 });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.PutAsync(new Endless(30 << 20), source.Token));
        await Assert.ThrowsAsync<TimeoutException>(() => store.PutAsync(new Endless(30 << 20, new TimeoutException()), CancellationToken.None));

        Assert.Equal(0, await _bucket.OpenPartsAsync());
        Assert.Empty(await _bucket.KeysAsync());
        Assert.Empty(Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_read_that_is_left_or_cancelled_ends_at_once()
    {
        var stored = await Store().PutAsync(new Endless(8 << 20), CancellationToken.None);
        var store = Store();
        var buffer = new byte[1000];
        await using (var content = await store.OpenAsync(stored.Sha256, 0, null, CancellationToken.None))
        {
            await content.ReadExactlyAsync(buffer);
        }

        using var source = new CancellationTokenSource();
        await using var other = await store.OpenAsync(stored.Sha256, 0, null, source.Token);
        await other.ReadExactlyAsync(buffer, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await other.ReadExactlyAsync(buffer, source.Token));
    }

    [Fact]
    public async Task Bytes_that_changed_in_the_store_are_found_and_put_again()
    {
        byte[] bytes = [1, 2, 3, 4, 5];
        var stored = await Store().PutAsync(new MemoryStream(bytes), CancellationToken.None);
        await _bucket.WriteOverAsync(stored, [1, 2, 7, 4, 5]);

        var store = Store();
        Assert.Equal(new ObjectState(5, false), await store.CheckAsync(stored.Sha256, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectDamagedException>(() => store.LocalAsync(stored.Sha256, CancellationToken.None));
        await store.PutAsync(new MemoryStream(bytes), CancellationToken.None);
        Assert.True((await store.CheckAsync(stored.Sha256, CancellationToken.None)).IsWhole);
    }

    [Fact]
    public async Task Many_who_want_the_same_file_cause_one_download()
    {
        var stored = await Store().PutAsync(new Endless(3 << 20), CancellationToken.None);
        await using var proxy = new StoreProxy(TestBucket.Endpoint);
        var store = Store(options => options with { Endpoint = proxy.Endpoint });
        var holds = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.LocalAsync(stored.Sha256, CancellationToken.None)));
        Assert.Single(holds.Select(hold => hold.Path).Distinct());
        Assert.Equal(1, proxy.Requests);
    }

    [Fact]
    public async Task The_cache_keeps_to_its_budget_and_never_takes_what_is_held()
    {
        var store = Store(options => options with { CacheBytes = 2500 });
        var first = await store.PutAsync(new MemoryStream(new byte[1000]), CancellationToken.None);
        using var held = await store.LocalAsync(first.Sha256, CancellationToken.None);
        for (byte n = 1; n < 6; n++)
        {
            var next = await store.PutAsync(new MemoryStream([.. Enumerable.Repeat(n, 1000)]), CancellationToken.None);
            (await store.LocalAsync(next.Sha256, CancellationToken.None)).Dispose();
        }

        Assert.True(File.Exists(held.Path));
        Assert.InRange(Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1000, 2500);
    }

    [Fact]
    public async Task A_sweep_takes_what_is_old_and_leaves_what_was_put_again()
    {
        var store = Store();
        var stored = await PutAsync(store, "abandoned");
        await PutAsync(store, "another");
        Assert.False(await Store().SweepAsync(stored.Sha256, TimeSpan.FromHours(1), CancellationToken.None));
        Assert.False(await store.SweepAsync(stored.Sha256, TimeSpan.FromHours(1), CancellationToken.None));
        Assert.True(await Store().SweepAsync(stored.Sha256, TimeSpan.FromSeconds(-5), CancellationToken.None));
        Assert.False(await Store().SweepAsync(stored.Sha256, TimeSpan.FromSeconds(-5), CancellationToken.None));

        var left = new List<ObjectEntry>();
        await foreach (var entry in store.ListAsync(CancellationToken.None))
        {
            left.Add(entry);
        }

        Assert.Equal(7, Assert.Single(left).SizeBytes);
        Assert.InRange(left[0].Age, TimeSpan.FromSeconds(-2), TimeSpan.FromMinutes(5));
    }

    /// <summary>Two nodes on one bucket: one puts the bytes again at the moment when the other, which finds them old, removes them.</summary>
    [Fact]
    public async Task A_put_that_races_with_a_sweep_on_another_node_keeps_its_bytes()
    {
        var (swept, lost) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 25).Select(async round =>
        {
            // Seconds are what the store tells times in: what was put ten seconds before counts as old here, and a put again as young.
            var (putter, sweeper) = (Store(), Store());
            var text = $"round {round}";
            var stored = await PutAsync(putter, text);
            await Task.Delay(TimeSpan.FromMilliseconds(10_100));
            var sweeping = Task.Run(() => sweeper.SweepAsync(stored.Sha256, TimeSpan.FromSeconds(10), CancellationToken.None));
            await (round < 20 ? Task.Delay(5 * round) : sweeping); // the last ones come surely too late
            await PutAsync(putter, text);
            if (await sweeping)
            {
                Interlocked.Increment(ref swept);
            }

            if (await putter.HeadAsync(stored.Sha256, CancellationToken.None) is null)
            {
                Interlocked.Increment(ref lost);
            }
        }));
        TestContext.Current.TestOutputHelper?.WriteLine($"25 rounds: {swept} swept while put again, {lost} lost");
        Assert.True(swept > 0);
        Assert.Equal(0, lost);
    }

    [Fact]
    public async Task A_name_in_the_bucket_may_begin_with_anything()
    {
        var store = Store(options => options with { Prefix = "films/one/" });
        var stored = await PutAsync(store, "inside");
        Assert.Equal(["films/one/" + TestBucket.KeyOf(stored)], await _bucket.KeysAsync());
        Assert.Null(await Store().HeadAsync(stored.Sha256, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_wrong_at_the_start_is_said_with_what_to_do()
    {
        await using var proxy = new StoreProxy(TestBucket.Endpoint, new SignatureCheck(_bucket.Options.AccessKey, _bucket.Options.SecretKey));
        var strict = _bucket.Options with { Endpoint = proxy.Endpoint, Retries = 0 };

        Assert.Equal("ranges, parts, signed addresses and checksums work", (await Store(_ => strict).Probe.RunAsync(CancellationToken.None)).ToString());
        Assert.Contains("PIPELINE_S3_SECRET_KEY", (await Assert.ThrowsAsync<InvalidDataException>(() => Store(_ => strict with { SecretKey = "other" }).Probe.RunAsync(CancellationToken.None))).Message, StringComparison.Ordinal);
        Assert.Contains("PIPELINE_S3_ACCESS_KEY", (await Assert.ThrowsAsync<InvalidDataException>(() => Store(_ => strict with { AccessKey = "nobody" }).Probe.RunAsync(CancellationToken.None))).Message, StringComparison.Ordinal);
        Assert.Contains("PIPELINE_S3_BUCKET", (await Assert.ThrowsAsync<InvalidDataException>(() => Store(_ => strict with { Bucket = "test-none-such" }).Probe.RunAsync(CancellationToken.None))).Message, StringComparison.Ordinal);
        Assert.Contains("it lacks", (await Store().Probe.RunAsync(CancellationToken.None)).ToString(), StringComparison.Ordinal); // the bare test server checks little
        Assert.Empty(await _bucket.KeysAsync());
    }

    [Fact]
    public async Task A_store_that_is_down_is_named_without_a_secret()
    {
        Uri gone;
        await using (var proxy = new StoreProxy(TestBucket.Endpoint))
        {
            gone = proxy.Endpoint;
        }

        var store = Store(options => options with { Endpoint = gone, Retries = 1, SecretKey = "hush-hush" });
        var told = await Assert.ThrowsAsync<StorageFailedException>(() => store.Probe.RunAsync(CancellationToken.None));
        Assert.Contains(gone.ToString(), told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", told.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Signature", told.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StorageFailedException>(() => PutAsync(store, "x"));
    }

    protected override IObjectStore Open() => Store();

    private S3ObjectStore Store(Func<S3Options, S3Options>? change = null)
    {
        var store = new S3ObjectStore((change ?? (options => options))(_bucket.Options), Folder);
        lock (_open)
        {
            _open.Add(store);
        }

        return store;
    }
}
