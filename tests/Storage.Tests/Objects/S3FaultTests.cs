using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Pipeline.Faults;
using Pipeline.Faults.Stores;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.Objects;

/// <summary>A bad way to the store: the bytes are right, or an error is told; never other bytes, and nothing that hangs.</summary>
[Collection("alone")]
[Trait("needs", "services")]
public sealed class S3FaultTests : IAsyncLifetime
{
    private const int Seed = 17;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private TestBucket _bucket = null!;
    private StoreProxy _proxy = null!;

    public async ValueTask InitializeAsync() => (_bucket, _proxy) = (await TestBucket.MakeAsync(), new StoreProxy(TestBucket.Endpoint));

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _bucket.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(503, null, 0, false)]
    [InlineData(500, null, 0, false)]
    [InlineData(null, 0L, 0, false)]
    [InlineData(null, 70_000L, 0, false)]
    [InlineData(null, null, 7000, false)]
    [InlineData(null, null, 0, true)]
    public async Task One_fault_is_not_noticed(int? status, long? cut, int delay, bool drop)
    {
        var fault = new StoreFault((HttpStatusCode?)status, cut, TimeSpan.FromMilliseconds(delay), drop);
        using var store = Store();
        var bytes = RandomNumberGenerator.GetBytes((11 << 20) + 3);
        FaultOnce(fault, "PUT");
        var stored = await store.PutAsync(new MemoryStream(bytes), CancellationToken.None);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), stored.Sha256);

        using var other = Store();
        FaultOnce(fault, "GET");
        using (var local = await other.LocalAsync(stored.Sha256, CancellationToken.None))
        {
            Assert.Equal(bytes, await File.ReadAllBytesAsync(local.Path));
        }

        using var third = Store();
        FaultOnce(fault, "GET");
        var middle = new byte[200_000];
        await using (var content = await third.OpenAsync(stored.Sha256, 1_000_000, middle.Length, CancellationToken.None))
        {
            await content.ReadExactlyAsync(middle);
        }

        Assert.Equal(bytes[1_000_000..1_200_000], middle);
        FaultOnce(fault, "HEAD");
        Assert.Equal(bytes.Length, await third.HeadAsync(stored.Sha256, CancellationToken.None));
        Assert.Equal(0, await _bucket.OpenPartsAsync());
    }

    [Theory]
    [InlineData(503, null)]
    [InlineData(null, 10L)]
    public async Task A_fault_that_stays_is_told_and_ends(int? status, long? cut)
    {
        using var store = Store();
        var stored = await store.PutAsync(new MemoryStream(RandomNumberGenerator.GetBytes(200_000)), CancellationToken.None);
        using var other = Store();
        _proxy.Faults = (_, _, _) => new((HttpStatusCode?)status, cut);
        var told = await Assert.ThrowsAsync<StorageFailedException>(() => ReadAsync(other, stored, 100, 150_000));
        Assert.Contains(_bucket.Name, told.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StorageFailedException>(() => other.LocalAsync(stored.Sha256, CancellationToken.None));
        _proxy.Faults = (_, _, _) => null;
        Assert.Equal(150_000, (await ReadAsync(other, stored, 100, 150_000)).Length);
    }

    [Fact]
    public async Task Whatever_happens_on_the_way_bytes_are_right_or_an_error_is_told()
    {
        var rounds = LongForm.Of(40, 2000);
        var chance = new Random(Seed);
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        StoredObject stored;
        using (var clean = Store())
        {
            stored = await clean.PutAsync(new MemoryStream(bytes), CancellationToken.None);
        }

        _proxy.Faults = (_, _, _) =>
        {
            lock (chance)
            {
                return chance.Next(10) switch
                {
                    0 or 1 => new(HttpStatusCode.ServiceUnavailable),
                    2 or 3 => new(CutAfterBytes: chance.Next(300_000)),
                    4 => new(Delay: TimeSpan.FromMilliseconds(chance.Next(50))),
                    5 => new(DropAnswer: true),
                    _ => null,
                };
            }
        };
        var outcomes = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, rounds), new ParallelOptions { MaxDegreeOfParallelism = 10 }, async (round, _) =>
        {
            using var store = Store();
            var (offset, length) = (round * 4999 % 200_000, 1 + (round * 7919 % 100_000));
            try
            {
                var found = await ReadAsync(store, stored, offset, length);
                var same = found.AsSpan().SequenceEqual(bytes.AsSpan(offset, length))
                    && (await store.PutAsync(new MemoryStream(bytes), CancellationToken.None)) == stored;
                outcomes.Add(same ? "right" : "wrong");
            }
            catch (StorageFailedException)
            {
                outcomes.Add("told");
            }
        });
        var (right, told, wrong) = (outcomes.Count(one => one == "right"), outcomes.Count(one => one == "told"), outcomes.Count(one => one == "wrong"));
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {rounds} rounds, {_proxy.Requests} requests: {right} right, {told} told, {wrong} wrong");
        Assert.Equal((0, rounds), (wrong, right + told));
        Assert.True(right > told);
    }

    private static async Task<byte[]> ReadAsync(S3ObjectStore store, StoredObject stored, long offset, int length)
    {
        var bytes = new byte[length];
        await using var content = await store.OpenAsync(stored.Sha256, offset, length, CancellationToken.None);
        await content.ReadExactlyAsync(bytes);
        return bytes;
    }

    // The first request of the kind; all others pass.
    private void FaultOnce(StoreFault fault, string method)
    {
        var done = 0;
        _proxy.Faults = (kind, _, _) => kind == method && Interlocked.Increment(ref done) == 1 ? fault : null;
    }

    private S3ObjectStore Store() => new(_bucket.Options with { Endpoint = _proxy.Endpoint, Patience = Patience, PartBytes = 5 << 20 }, _folder.Root);
}
