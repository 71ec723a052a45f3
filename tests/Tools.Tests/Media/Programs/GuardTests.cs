using System.Buffers.Binary;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>
/// Files that name other files and addresses, straight to ffmpeg, past everything that would have refused them before: the box holds
/// without the lists, the lists hold without the box, and with neither the secret does come out, so the check can see.
/// </summary>
[Collection("media")]
public sealed class GuardTests(Samples samples) : IAsyncLifetime
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;
    private static readonly FfmpegOptions Bounds = new() { BudgetSeconds = 3, MaxMemoryBytes = 2L << 30, MaxOutputBytes = 64 << 20 };

    private Bait _bait = null!;
    private string _folder = "";

    public ValueTask InitializeAsync()
    {
        _folder = Directory.CreateTempSubdirectory("pipeline-guard-").FullName;
        _bait = new Bait(Path.Combine(_folder, "secrets"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _bait.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_box_holds_alone()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/bwrap"), "bubblewrap is not installed");
        var leaks = await LeaksAsync(new Ffmpeg(Spy.Unguarded(_folder, Bounds), TimeProvider.System, Box.Bubblewrap("/usr/bin/bwrap")), int.MaxValue);
        Assert.Empty(leaks);
        Assert.Equal(0, _bait.Calls);
    }

    [Fact]
    public async Task The_lists_hold_alone()
    {
        var leaks = await LeaksAsync(new Ffmpeg(Bounds, TimeProvider.System, Box.None("it is tested")), int.MaxValue);
        Assert.Empty(leaks);
        Assert.Equal(0, _bait.Calls);
    }

    [Fact]
    public async Task With_namespaces_alone_nothing_leaves()
    {
        await LeaksAsync(new Ffmpeg(Spy.Unguarded(_folder, Bounds), TimeProvider.System, Box.Unshare("/usr/bin/unshare", "it is tested")), 20);
        Assert.Equal(0, _bait.Calls);
    }

    [Fact]
    public async Task With_neither_the_secret_comes_out_and_calls_are_made()
    {
        var leaks = await LeaksAsync(new Ffmpeg(Spy.Unguarded(_folder, Bounds), TimeProvider.System, Box.None("it is tested")), 12);
        Assert.NotEmpty(leaks);
        Assert.NotEqual(0, _bait.Calls);
    }

    private async Task<IReadOnlyList<string>> LeaksAsync(Ffmpeg ffmpeg, int most)
    {
        var leaks = new List<string>();
        foreach (var hostile in References.All(_bait, samples).Take(most))
        {
            var file = Path.Combine(_folder, hostile.Name);
            await File.WriteAllBytesAsync(file, hostile.Content, Now);
            using var job = WorkFolder.Create(_folder, "job");
            var said = await TryAsync(() => ffmpeg.ProbeAsync(job, new FfmpegInput(file, "mov"), ["-show_entries", "stream=width:format_tags", "-of", "json"], Now));
            said += await TryAsync(async () =>
            {
                await ffmpeg.RunAsync(job, new FfmpegCall([new FfmpegInput(file, "mov")], ["-frames:v", "1", "-f", "image2", "-update", "1", "out.png"]), Now);
                return "";
            });
            var picture = File.Exists(job.File("out.png")) ? await File.ReadAllBytesAsync(job.File("out.png"), Now) : [];
            if (_bait.IsIn(said.Replace(" ", "", StringComparison.Ordinal)) || _bait.IsIn(picture) || (picture.Length > 24 && BinaryPrimitives.ReadInt32BigEndian(picture.AsSpan(16)) == Bait.Width))
            {
                leaks.Add(hostile.ToString());
            }
        }

        await Leftovers.GoneAsync(_folder, Now);
        return leaks;
    }

    private static async Task<string> TryAsync(Func<Task<string>> look)
    {
        try
        {
            return await look();
        }
        catch (ToolError refused)
        {
            return refused.Message;
        }
    }
}
