using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Media;
using Pipeline.Tools.Media.Mp4;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>Measurements of this process, for which nothing else may run in it.</summary>
[Collection("media alone")]
public sealed class AloneTests(Samples samples)
{
    private const long MostAllocated = 64L << 20;
    // Some for the suite; PIPELINE_NEIGHBOUR_CALLS=400 for a figure.
    private static readonly int Calls = int.TryParse(Environment.GetEnvironmentVariable("PIPELINE_NEIGHBOUR_CALLS"), out var calls) ? calls : 10;

    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Movies_that_lie_ask_for_no_more_memory_than_their_size_explains()
    {
        foreach (var hostile in Movies.All(samples))
        {
            var file = samples.File("lie.bin", hostile.Content);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            try
            {
                var media = await MediaFile.OpenAsync(file, Now);
                _ = media.Movie is { } movie ? SeekIndex.Of(movie) : null;
            }
            catch (ToolError)
            {
                // An honest refusal.
            }

            var taken = GC.GetTotalAllocatedBytes(precise: true) - before;
            Assert.True(taken < MostAllocated + (20L * hostile.Content.Length), $"{hostile} of {hostile.Content.Length} bytes took {taken}");
        }
    }

    /// <summary>Neighbours are answered beside hostile files; prints how long their calls take alone, beside them and alone again.</summary>
    [Fact]
    public async Task Neighbours_are_answered_beside_hostile_files()
    {
        await using var house = await House.OpenAsync(services => services.AddSingleton(new FfmpegOptions { BudgetSeconds = 20, MaxMemoryBytes = 3L << 30, MaxOutputBytes = 128 << 20 }));
        await using var bait = new Bait(Path.Combine(house.Folder, "bait"));
        var (neighbour, attacker) = (await house.ConnectAsync("neighbour"), await house.ConnectAsync("attacker"));
        foreach (var workspace in new[] { "mine", "w" })
        {
            await neighbour.CallAsync("create_workspace", new { workspace, auto_index = false });
        }

        await neighbour.CallAsync("put_asset", new { asset = "mine/film.mp4", base64 = Convert.ToBase64String(await File.ReadAllBytesAsync(samples.Mp4, Now)) });
        var files = new[] { "bomb", "change", "times", "movie" }.SelectMany(kind => Corpus.Of(kind, bait, samples)).ToList();
        foreach (var file in files)
        {
            await attacker.CallAsync("put_asset", new { asset = "w/" + file.Name, base64 = Convert.ToBase64String(file.Content) });
        }

        await MeasureAsync(neighbour, "warm-up");
        await MeasureAsync(neighbour, "alone");
        using var stop = new CancellationTokenSource();
        var attacks = Enumerable.Range(0, 4).Select(lane => AttackAsync(attacker, files, lane, stop.Token)).ToList();
        await MeasureAsync(neighbour, "beside four lanes of hostile files");
        await stop.CancelAsync();
        var answered = (await Task.WhenAll(attacks)).Sum();
        TestContext.Current.TestOutputHelper!.WriteLine($"hostile calls answered: {answered}; this process: {Process.GetCurrentProcess().WorkingSet64 >> 20} MiB");
        await MeasureAsync(neighbour, "alone again");
    }

    private static async Task MeasureAsync(McpClient client, string when)
    {
        foreach (var (name, call) in new (string, Func<int, Task>)[]
        {
            ("list_assets", _ => client.CallAsync("list_assets", new { workspace = "mine" })),
            ("put_asset", n => client.CallAsync("put_asset", new { asset = $"mine/note-{n % 9}.txt", text = $"note {n} {when}" })),
            ("extract_segment", n => client.CallAsync("extract_segment", new { asset = "mine/film.mp4", start_seconds = 1, end_seconds = 3, output = $"mine/cut-{n % 9}.mp4" })),
        })
        {
            var took = new List<double>();
            for (var n = 0; n < Calls; n++)
            {
                var started = Stopwatch.GetTimestamp();
                await call(n);
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            took.Sort();
            TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant($"{when}: {name} p50 {took[Calls / 2]:0.0} ms, p99 {took[Calls * 99 / 100]:0.0} ms"));
        }
    }

    private static async Task<int> AttackAsync(McpClient client, IReadOnlyList<HostileFile> files, int lane, CancellationToken stop)
    {
        var answered = 0;
        for (var n = lane; !stop.IsCancellationRequested; n += 4)
        {
            var asset = "w/" + files[n % files.Count].Name;
            await client.RawAsync("probe_media", new { asset });
            await client.RawAsync("extract_frames", new { asset, at_seconds = new[] { 0.0 } });
            answered += 2;
        }

        return answered;
    }
}

/// <summary>The same samples for what must run alone.</summary>
[CollectionDefinition("media alone", DisableParallelization = true)]
public sealed class MediaAloneCollection : ICollectionFixture<Samples>;
