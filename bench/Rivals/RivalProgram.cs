using System.Diagnostics;

namespace Pipeline.Bench.Rivals;

/// <summary>Finds, starts and stops the servers that we compare with.</summary>
internal static class RivalProgram
{
    /// <summary>Where a program is, or null.</summary>
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    public static Process Start(string program, IEnumerable<string> arguments)
    {
        var server = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        server.OutputDataReceived += static (_, _) => { };
        server.ErrorDataReceived += static (_, _) => { };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits until it answers.</summary>
    public static async Task UntilAsync(Process server, Func<Task<bool>> answers)
    {
        for (var tries = 0; !await answers(); tries++)
        {
            if (server.HasExited || tries == 200)
            {
                throw new InvalidOperationException($"{server.StartInfo.FileName} did not start.");
            }

            await Task.Delay(50);
        }
    }

    public static async ValueTask StopAsync(Process server)
    {
        server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
    }
}
