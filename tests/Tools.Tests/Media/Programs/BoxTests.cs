using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>What a program can see and do inside each box, told by a program that tries.</summary>
[Collection("media")]
public sealed class BoxTests(Samples samples) : IAsyncLifetime
{
    private const string Look = """
        case "$*" in *-version*) exit 0;; esac
        echo "env $(env | tr '\n' ' ')"
        echo "processes $(ls /proc | grep -c '^[0-9]*$')"
        cat "$SECRET_PLACE" 2>/dev/null
        cat /proc/[0-9]*/environ 2>/dev/null | tr '\0' ' '
        (echo x >/usr/spy.txt) 2>/dev/null && echo "wrote system"
        (echo x >"$0.txt") 2>/dev/null && echo "wrote beside program"
        (echo x >"$HOME/inside.txt") 2>/dev/null && echo "wrote job"
        (exec 3<>/dev/tcp/127.0.0.1/PORT) 2>/dev/null && echo "connected"
        (echo x >/dev/udp/127.0.0.1/UPORT) 2>/dev/null
        ls SECRETS 2>/dev/null | sed 's/^/saw /'
        while read -r line; do echo "limit $line"; done </proc/self/limits
        echo "nice $(nice)"
        [ ! -e /proc/self/autogroup ] || echo "share $(cat /proc/self/autogroup)"
        echo "oom $(cat /proc/self/oom_score_adj)"
        """;

    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private Bait _bait = null!;
    private string _folder = "";

    public ValueTask InitializeAsync()
    {
        _folder = Directory.CreateTempSubdirectory("pipeline-box-").FullName;
        _bait = new Bait(Path.Combine(_folder, "secrets"));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _bait.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task In_bubblewrap_there_is_no_network_no_other_file_no_other_process_and_no_secret()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/bwrap"), "bubblewrap is not installed");
        var seen = await LookAsync(Box.Bubblewrap("/usr/bin/bwrap"));
        CheckCommon(seen);
        Assert.DoesNotContain("saw ", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("wrote system", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("wrote beside program", seen, StringComparison.Ordinal);
        Assert.Contains("wrote job", seen, StringComparison.Ordinal);
        Assert.Equal(0, _bait.Calls);
    }

    [Fact]
    public async Task With_unshare_alone_there_is_no_network_no_other_process_and_no_secret_in_the_environment()
    {
        var seen = await LookAsync(Box.Unshare("/usr/bin/unshare", "it is tested"));
        CheckCommon(seen);
        Assert.Equal(0, _bait.Calls);
    }

    [Fact]
    public async Task Without_a_box_the_same_program_sees_and_reaches_what_is_there()
    {
        var seen = await LookAsync(Box.None("it is tested"));
        Assert.Contains("saw passwords.txt", seen, StringComparison.Ordinal);
        Assert.Contains("connected", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("HOSTILE_FILE_SECRET", Line(seen, "env "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_best_box_is_found_and_named()
    {
        using var job = WorkFolder.Create(_folder, "job");
        var box = await new Ffmpeg(new FfmpegOptions(), TimeProvider.System).BoxAsync(job, Now);
        Assert.Contains(box.Kind, (string[])["bubblewrap", "unshare", "none"]);
        Assert.Equal(File.Exists("/usr/bin/bwrap"), box.Kind == "bubblewrap");
    }

    [Theory]
    [InlineData("bubblewrap")]
    [InlineData("unshare")]
    [InlineData("none")]
    public async Task When_its_keeper_dies_so_does_the_job(string kind)
    {
        var box = kind switch { "bubblewrap" => Box.Bubblewrap("/usr/bin/bwrap"), "unshare" => Box.Unshare("/usr/bin/unshare", "it is tested"), _ => Box.None("it is tested") };
        var sleeper = Spy.Program(_folder, "sleeper-" + kind, "sleep 1000 & sleep 1000\n");
        using var job = WorkFolder.Create(_folder, "job-" + kind);
        using var stop = new CancellationTokenSource();
        var running = new Ffmpeg(new FfmpegOptions { Ffprobe = sleeper }, TimeProvider.System, box).ProbeAsync(job, new FfmpegInput(samples.Mp4, "mov"), [], stop.Token);
        while (Leftovers.Under(_folder).Count < 2 && !running.IsCompleted)
        {
            await Task.Delay(20, Now);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Leftovers.GoneAsync(_folder, Now);
    }

    [Fact]
    public async Task Memory_is_bounded_by_the_kernel()
    {
        using var job = WorkFolder.Create(_folder, "job");
        var small = new Ffmpeg(new FfmpegOptions { MaxMemoryBytes = 1 << 28 }, TimeProvider.System);
        await Assert.ThrowsAsync<Pipeline.Tools.Media.Errors.FfmpegFailedError>(() =>
            small.RunAsync(job, new FfmpegCall([new FfmpegInput("color=s=8000x8000:d=1", "lavfi")], ["-c:v", "rawvideo", "-f", "null", "-"]), Now));
    }

    [Fact]
    public async Task One_budget_holds_for_all_programs_of_a_job()
    {
        using var job = WorkFolder.Create(_folder, "job");
        var ffmpeg = new Ffmpeg(new FfmpegOptions { BudgetSeconds = 2 }, TimeProvider.System);
        var call = new FfmpegCall([new FfmpegInput("testsrc2=s=64x64:r=10:d=1", "lavfi", "-re")], ["-f", "null", "-"]);
        var ran = 0;
        var late = await Assert.ThrowsAsync<Pipeline.Tools.Media.Errors.LimitExceededError>(async () =>
        {
            for (; ran < 10; ran++)
            {
                await ffmpeg.RunAsync(job, call, Now);
            }
        });
        Assert.Equal("budget_seconds", late.Limit);
        Assert.InRange(ran, 0, 2);
    }

    private void CheckCommon(string seen)
    {
        Assert.DoesNotContain(_bait.Token, seen, StringComparison.Ordinal);
        Assert.DoesNotContain("connected", seen, StringComparison.Ordinal);
        Assert.InRange(int.Parse(Line(seen, "processes "), System.Globalization.CultureInfo.InvariantCulture), 1, 8);
        Assert.Equal(["AV_LOG_FORCE_NOCOLOR", "HOME", "LC_ALL", "PATH"], Line(seen, "env ").Split(' ').Select(pair => pair.Split('=')[0]).Where(name => name is not ("" or "PWD" or "OLDPWD" or "SHLVL" or "_" or "LD_LIBRARY_PATH")).Order(StringComparer.Ordinal));
        Assert.Contains("limit Max core file size 0", Spaces(seen), StringComparison.Ordinal);
        Assert.Contains("limit Max address space 1073741824", Spaces(seen), StringComparison.Ordinal);
        Assert.Contains("limit Max processes 2048", Spaces(seen), StringComparison.Ordinal);
        Assert.Contains("limit Max file size 1048576", Spaces(seen), StringComparison.Ordinal);
        Assert.DoesNotContain("limit Max cpu time unlimited", Spaces(seen), StringComparison.Ordinal);
        Assert.Equal("10", Line(seen, "nice "));
        Assert.True(!File.Exists("/proc/self/autogroup") || Line(seen, "share ").EndsWith(" nice 10", StringComparison.Ordinal), seen);
        Assert.Equal("900", Line(seen, "oom "));
    }

    private async Task<string> LookAsync(Box box)
    {
        var script = Look.Replace("$SECRET_PLACE", _bait.SecretText, StringComparison.Ordinal).Replace("SECRETS", _bait.Folder, StringComparison.Ordinal)
            .Replace("UPORT", _bait.UdpPort.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("PORT", new Uri(_bait.Http).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        // What hides no files is not asked for the file.
        script = box.Kind == "bubblewrap" ? script : script.Replace($"cat \"{_bait.SecretText}\" 2>/dev/null", "", StringComparison.Ordinal);
        var spy = Spy.Program(_folder, "spy", script);
        using var job = WorkFolder.Create(_folder, "job");
        var options = new FfmpegOptions { Ffprobe = spy, MaxMemoryBytes = 1 << 30, MaxOutputBytes = 1 << 20 };
        return await new Ffmpeg(options, TimeProvider.System, box).ProbeAsync(job, new FfmpegInput(samples.Mp4, "mov"), [], Now);
    }

    private static string Line(string seen, string start) => seen.Split('\n').First(line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..].Trim();

    private static string Spaces(string text) => string.Join('\n', text.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
}
