namespace Pipeline.McpServer.Demo;

/// <summary>What a demo that was killed left running.</summary>
internal static class Orphans
{
    private const string Server = "serve";

    // Agents finish the step in hand: that is worth more than doing it again.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    /// <summary>Ends the processes that the note names and that are still those: agents first, which are ending by themselves already, then the server.</summary>
    /// <exception cref="DemoFailedException">The demo that wrote the note is alive.</exception>
    public static async Task EndAsync(DemoNote note, Action<string> say)
    {
        using (var demo = note.Demo.Pid == Environment.ProcessId ? null : note.Demo.Find())
        {
            if (demo is not null)
            {
                throw new DemoFailedException($"Another demo (process {note.Demo.Pid}) is at work in this folder. Wait for it, or give another --out.");
            }
        }

        await Task.WhenAll(note.Children.Where(mark => mark.Verb != Server).Select(mark => EndAsync(mark, say))).ConfigureAwait(false);
        await Task.WhenAll(note.Children.Where(mark => mark.Verb == Server).Select(mark => EndAsync(mark, say))).ConfigureAwait(false);
    }

    private static async Task EndAsync(ProcessMark mark, Action<string> say)
    {
        using var orphan = mark.Find();
        if (orphan is not null)
        {
            say($"ending '{mark.Verb}' (process {mark.Pid}), left by the demo before");
            // An agent's lifeline is cut: it is ending, and a signal now would be its second, which ends it at once.
            using var patience = new CancellationTokenSource(mark.Verb == Server ? TimeSpan.Zero : Grace);
            await orphan.WaitForExitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await ProcessMark.EndAsync(orphan, Grace).ConfigureAwait(false);
        }
    }
}
