using Pipeline.Faults;
using Pipeline.Storage.Objects;

namespace Pipeline.Storage.Tests.Objects;

/// <summary>Bytes that changed on disk are found by a look at them, and none are served.</summary>
[Collection("alone")]
public sealed class DamagedObjects : IDisposable
{
    private const int Seed = 11;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_flipped_bit_and_every_truncation_is_found_and_never_served()
    {
        var times = LongForm.Of(60, 1000);
        var chance = new Random(Seed);
        var written = new FileObjectStore(_folder.Root);
        List<StoredObject> objects = [];
        for (var n = 0; n < 20; n++)
        {
            var bytes = new byte[chance.Next(1, 300_000)];
            chance.NextBytes(bytes);
            objects.Add(await written.PutAsync(new MemoryStream(bytes), CancellationToken.None));
        }

        var (found, served) = (0, 0);
        for (var n = 0; n < 2 * times; n++)
        {
            var victim = objects[chance.Next(objects.Count)];
            var file = PathOf(victim);
            var whole = await File.ReadAllBytesAsync(file);
            Damage(file, n % 2 == 0, chance);
            var store = new FileObjectStore(_folder.Root); // as after a start
            found += (await store.CheckAsync(victim.Sha256, CancellationToken.None)).IsWhole ? 0 : 1;
            served += await ServesAsync(store, victim, chance) ? 1 : 0;

            await written.PutAsync(new MemoryStream(whole), CancellationToken.None); // putting it again mends it
            Assert.True((await store.CheckAsync(victim.Sha256, CancellationToken.None)).IsWhole);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}: {times} flipped bits and {times} truncations: {found} found, {served} served");
        Assert.Equal((2 * times, 0), (found, served));
    }

    [Fact]
    public async Task A_change_under_a_running_store_is_seen_at_the_next_read()
    {
        var store = new FileObjectStore(_folder.Root);
        var stored = await store.PutAsync(new MemoryStream([1, 2, 3, 4]), CancellationToken.None);
        Damage(PathOf(stored), flip: true, new Random(Seed));
        await Assert.ThrowsAsync<ObjectDamagedException>(() => store.OpenAsync(stored.Sha256, 1, 2, CancellationToken.None));
        await Assert.ThrowsAsync<ObjectDamagedException>(() => store.LocalAsync(stored.Sha256, CancellationToken.None));
    }

    private static async Task<bool> ServesAsync(FileObjectStore store, StoredObject victim, Random chance)
    {
        try
        {
            await using var content = await store.OpenAsync(victim.Sha256, chance.NextInt64(victim.SizeBytes), null, CancellationToken.None);
            return true;
        }
        catch (ObjectDamagedException)
        {
            return false;
        }
    }

    private static void Damage(string file, bool flip, Random chance)
    {
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        if (flip)
        {
            var at = chance.NextInt64(stream.Length);
            stream.Position = at;
            var value = stream.ReadByte();
            stream.Position = at;
            stream.WriteByte((byte)(value ^ (1 << chance.Next(8))));
        }
        else
        {
            stream.SetLength(chance.NextInt64(stream.Length));
        }
    }

    private string PathOf(StoredObject stored) => Path.Combine(_folder.Root, "objects", stored.Sha256[..2], stored.Sha256[2..]);
}
