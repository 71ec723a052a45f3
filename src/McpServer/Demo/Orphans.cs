namespace Pipeline.McpServer.Demo;

/// <summary>What a demo that was killed left running.</summary>
internal static class Orphans
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Ends the processes that the note names and that are still those; they are ending by themselves already.</summary>
    /// <exception cref="DemoFailedException">The demo that wrote the note is alive.</exception>
    public static async Task EndAsync(DemoNote note, Action<string> say, CancellationToken cancellation)
    {
        using (var demo = note.Demo.Pid == Environment.ProcessId ? null : note.Demo.Find())
        {
            if (demo is not null)
            {
                throw new DemoFailedException($"Another demo (process {note.Demo.Pid}) is at work in this folder. Wait for it, or give another --out.");
            }
        }

        foreach (var mark in note.Children)
        {
            using var orphan = mark.Find();
            if (orphan is null)
            {
                continue;
            }

            say($"ending '{mark.Verb}' (process {mark.Pid}), left by the demo before");
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(Grace);
            try
            {
                await orphan.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                orphan.Kill(entireProcessTree: true);
                await orphan.WaitForExitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }
}
