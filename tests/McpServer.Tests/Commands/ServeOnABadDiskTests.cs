using System.Text.Json;
using Pipeline.Faults;
using Pipeline.Faults.Disks;
using Pipeline.McpServer.Commands;
using Pipeline.McpServer.Serving;

namespace Pipeline.McpServer.Tests.Commands;

/// <summary>What a server says and does when its disk loses a write or has no room.</summary>
[Collection("alone")]
public sealed class ServeOnABadDiskTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pipeline-bad-disk-").FullName;

    private string Data => Path.Combine(_root, "data");

    public void Dispose()
    {
        for (var tries = 0; Directory.Exists(_root) && tries < 20; tries++)
        {
            try
            {
                Directory.Delete(_root, recursive: true);
            }
            catch (IOException)
            {
                // The owner wrote while we removed; once more.
            }
        }
    }

    [Fact]
    public async Task A_failed_flush_ends_serve_with_a_reason_and_the_next_start_goes_on()
    {
        using var said = new StringWriter();
        var errors = Console.Error;
        Console.SetError(TextWriter.Synchronized(said));
        try
        {
            using (var disk = FaultyDisk.Under(Data))
            {
                var serving = Task.Run(() => Verbs.RunAsync(["serve", "--data", Data, "--url", "http://127.0.0.1:0"], new Verb("serve", () => ServeCommand.Create(PipelineHost.OpenAsync))));
                await Eventually.TrueAsync(() => Said(said).Contains("listening on", StringComparison.Ordinal));
                await CallAsync("create_workspace", new { workspace = "film" });
                disk.Fault = new DiskFault(DiskOperation.Sync, 1, DiskFailure.Broken, Lasting: false);
                var failed = await CommandRun.OfAsync("call", "create_workspace", "--workspace", "lost", "--data", Data, "--json");
                Assert.Equal(1, failed.Exit);
                Assert.Equal(1, await serving.WaitAsync(TimeSpan.FromSeconds(60)));
            }
        }
        finally
        {
            Console.SetError(errors);
        }

        Assert.Contains("The disk failed to keep what was written", Said(said), StringComparison.Ordinal);
        var listed = await CallAsync("list_workspaces", new { }); // by an owner that is started anew
        Assert.Contains("film", listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_on_a_full_disk_says_so_in_words()
    {
        using var disk = SmallDisk.Mount(2);
        Assert.SkipWhen(disk is null, "Only root can mount a small disk.");
        disk.Fill();
        var run = await CommandRun.OfAsync("serve", "--data", Path.Combine(disk.Root, "data"), "--url", "http://127.0.0.1:0");
        Assert.Equal(1, run.Exit);
        Assert.Contains("is full", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("SQLite Error", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scrub_and_gc_are_verbs()
    {
        await CallAsync("create_workspace", new { workspace = "film", auto_index = false });
        await CallAsync("put_asset", new { asset = "film/a.txt", text = "the bytes" });
        var clean = await CommandRun.OfAsync("scrub", "--data", Data, "--json"); // beside the owner
        Assert.Equal((0, true), (clean.Exit, JsonDocument.Parse(clean.Output).RootElement.GetProperty("ok").GetBoolean()));

        var file = Directory.EnumerateFiles(Path.Combine(Data, "objects"), "*", SearchOption.AllDirectories).Single();
        File.Delete(file);
        await File.WriteAllTextAsync(file, "the bites");
        var damaged = await CommandRun.OfAsync("scrub", "--data", Data);
        Assert.Equal(1, damaged.Exit);
        Assert.Contains("film/a.txt@1", damaged.Output, StringComparison.Ordinal);

        var swept = await CommandRun.OfAsync("gc", "--data", Data, "--dry-run", "--json");
        Assert.Equal((0, 1), (swept.Exit, JsonDocument.Parse(swept.Output).RootElement.GetProperty("objects_seen").GetInt32()));
        Assert.Equal(1, (await CommandRun.OfAsync("gc", "--data", Data, "--grace", "1")).Exit);
        Assert.Equal(1, (await CommandRun.OfAsync("scrub", "--data", Path.Combine(_root, "none"))).Exit);
    }

    private static string Said(StringWriter said)
    {
        lock (said)
        {
            return said.ToString();
        }
    }

    private async Task<string> CallAsync(string tool, object arguments)
    {
        var run = await CommandRun.OfAsync("call", tool, JsonSerializer.Serialize(arguments), "--data", Data, "--json");
        Assert.True(run.Exit == 0, run.Errors + run.Output);
        return run.Output;
    }
}

/// <summary>Tests that take over what belongs to the whole process: nothing runs beside them.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
