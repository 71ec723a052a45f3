using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Pipeline.Storage;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>Every hostile file through the public door of every media tool: nothing comes out, nothing stays, everything is answered.</summary>
[Collection("media")]
public sealed class HostileFileTests(Samples samples)
{
    private const long MostMemory = 1L << 30;

    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    public static TheoryData<string> Classes => [.. Corpus.Classes];

    [Theory]
    [MemberData(nameof(Classes))]
    public async Task A_hostile_file_is_answered_and_hurts_nothing(string kind)
    {
        var log = new Words();
        var folder = Directory.CreateTempSubdirectory("pipeline-hostile-").FullName;
        try
        {
            await using var bait = new Bait(Path.Combine(folder, "secrets"));
            await using var house = await House.OpenAsync(services => services.AddSingleton(Bounds).AddSingleton<ILoggerFactory>(log), Path.Combine(folder, "house"));
            var data = house.Get<DataFolder>();
            bait.PlantIn(data.Root);
            var client = await house.ConnectAsync();
            await client.CallAsync("create_workspace", new { workspace = "w", auto_index = false });
            var answers = new ConcurrentBag<string>();
            var faults = new ConcurrentBag<string>();
            await Parallel.ForEachAsync(Corpus.Of(kind, bait, samples), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = Now }, async (file, _) =>
            {
                foreach (var (tool, answer, fault) in await AnswersAsync(client, file))
                {
                    answers.Add(answer);
                    if (fault is not null || bait.IsIn(answer))
                    {
                        faults.Add($"{file} {tool}: {fault ?? "leaks"}: {answer}");
                    }
                }
            });

            TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {answers.Count} answers; " + string.Join(", ", answers.GroupBy(Code).OrderByDescending(group => group.Count()).Select(group => $"{group.Key} {group.Count()}")));
            Assert.True(faults.IsEmpty, string.Join('\n', faults) + '\n' + log.All);
            Assert.Equal(0, bait.Calls);
            Assert.DoesNotContain(bait.Token, log.All, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFileSystemEntries(data.Work));
            await Leftovers.GoneAsync(data.Root, Now);
            Assert.DoesNotContain(Stored(data.Root), file => bait.IsIn(File.ReadAllBytes(file)));
            await client.CallAsync("list_workspaces", new { });
            GC.Collect();
            Assert.InRange(GC.GetTotalMemory(true), 0, MostMemory);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("-i.mp4")]
    [InlineData("a|b.mp4")]
    [InlineData("frame-%d.png.mp4")]
    [InlineData("concat:x|y.mp4")]
    [InlineData("subfile,,start,0,end,9,,:x.mp4")]
    [InlineData("http://127.0.0.1/x.mp4")]
    [InlineData("$(touch x).mp4")]
    [InlineData("'; touch x; '.mp4")]
    [InlineData("x\0.mp4")]
    [InlineData("x\n-f lavfi.mp4")]
    [InlineData("x\u202Eевил.mp4")]
    [InlineData("../../../x.mp4")]
    [InlineData("file:/etc/passwd")]
    [InlineData("-y -f null -")]
    public async Task A_name_is_only_a_name(string name)
    {
        await using var house = await House.OpenAsync(services => services.AddSingleton(Bounds));
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "w", auto_index = false });
        var content = Convert.ToBase64String(await File.ReadAllBytesAsync(samples.Make("tiny.mp4", "-f lavfi -i testsrc2=s=64x64:r=10:d=0.5 -c:v libx264 -pix_fmt yuv420p"), Now));
        var put = await client.RawAsync("put_asset", new { asset = "w/" + name, base64 = content });
        if (put.IsError ?? false)
        {
            Assert.Equal("invalid_argument", put.StructuredContent!.Value.GetProperty("code").GetString());
            return;
        }

        await client.CallAsync("probe_media", new { asset = "w/" + name });
        await client.CallAsync("extract_segment", new { asset = "w/" + name, start_seconds = 0, end_seconds = 0.3, mode = "exact", output = "w/cut " + name });
        await client.CallAsync("extract_frames", new { asset = "w/" + name, at_seconds = new[] { 0 }, output = "w/" + name });
        Assert.Empty(Directory.GetFileSystemEntries(house.Get<DataFolder>().Work));
    }

    [Fact]
    public async Task A_link_to_a_secret_is_not_taken_in()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "w" });
        var secret = Path.Combine(Path.GetDirectoryName(house.Folder)!, "passwords.txt");
        await File.WriteAllTextAsync(secret, "secret", Now);
        File.CreateSymbolicLink(Path.Combine(house.Folder, "film.mp4"), secret);
        var refused = await client.RawAsync("import_asset", new { asset = "w/film.mp4", path = Path.Combine(house.Folder, "film.mp4") });
        Assert.True(refused.IsError);
    }

    private static FfmpegOptions Bounds => new() { BudgetSeconds = 30, ProbeSeconds = 20, MaxMemoryBytes = 3L << 30, MaxOutputBytes = 128 << 20 };

    private static async Task<IReadOnlyList<(string Tool, string Answer, string? Fault)>> AnswersAsync(McpClient client, HostileFile file)
    {
        var asset = $"w/{file.Class}/{file.Name}";
        await client.CallAsync("put_asset", new { asset, base64 = Convert.ToBase64String(file.Content) });
        var clip = new[] { new { asset, end_seconds = 0.2 } };
        return
        [
            await AnswerAsync(client, "probe_media", new { asset }),
            await AnswerAsync(client, "extract_frames", new { asset, at_seconds = new[] { 0.0 }, max_edge_pixels = 64, output = asset + ".frames" }),
            await AnswerAsync(client, "extract_segment", new { asset, start_seconds = 0, end_seconds = 0.2, output = asset + ".cut.mp4" }),
            await AnswerAsync(client, "compose_media", new { tracks = new { video = clip }, width = 64, height = 64, fps = 10, output = asset + ".film.mp4" }),
        ];
    }

    private static async Task<(string Tool, string Answer, string? Fault)> AnswerAsync(McpClient client, string tool, object arguments)
    {
        var result = await client.RawAsync(tool, arguments);
        var text = string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));
        if (result.StructuredContent?.GetRawText() is not { } answer)
        {
            return (tool, text, "no structured answer");
        }

        // No word of an answer may steer a terminal or the direction of writing.
        return (tool, answer, (result.IsError ?? false) && (Code(answer) is "internal" or "done") ? "failed inside the server" : text.AsSpan().IndexOfAny('\u001b', '\u202e', '\a') >= 0 ? "steers the reader" : null);
    }

    private static string Code(string answer) => JsonDocument.Parse(answer).RootElement.TryGetProperty("code", out var code) ? code.GetString()! : "done";

    private static IEnumerable<string> Stored(string root) =>
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is not ("passwords.txt" or "private.ts" or "owner.lock"));

    /// <summary>Everything that was logged.</summary>
    private sealed class Words : ILoggerFactory, ILogger
    {
        private readonly ConcurrentQueue<string> _said = new();

        public string All => string.Join('\n', _said);

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _said.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
