using System.Globalization;
using System.Text.Json.Nodes;

namespace Pipeline.Reliability.Clients;

/// <summary>What a client process runs: <c>client SCRIPT NAME INDEX SEED URL SETTINGS</c>. It ends when its script does, or when its standard input closes.</summary>
internal static class ClientProgram
{
    public const string Verb = "client";

    public static async Task<int> RunAsync(string[] words)
    {
        using var stop = new CancellationTokenSource();
        new Thread(() => Listen(stop)) { IsBackground = true, Name = "lifeline" }.Start();
        await using var client = new RigClient(
            words[1], int.Parse(words[2], CultureInfo.InvariantCulture), int.Parse(words[3], CultureInfo.InvariantCulture), new Uri(words[4]), JsonNode.Parse(words[5])!.AsObject());
        try
        {
            await Scripts.Find(words[0]).RunAsync(client, stop.Token);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
    }

    private static void Listen(CancellationTokenSource stop)
    {
        while (Console.In.ReadLine() is not null)
        {
        }

        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The script was done first.
        }
    }
}
