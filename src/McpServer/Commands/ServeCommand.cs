using System.CommandLine;
using System.CommandLine.Parsing;
using Pipeline.McpServer.Auth;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Http;
using Pipeline.McpServer.Stdio;
using Pipeline.Storage;

namespace Pipeline.McpServer.Commands;

/// <summary>MCP over HTTP, by the process that owns the data folder.</summary>
public static class ServeCommand
{
    private const string UrlVariable = "PIPELINE_URL";

    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Makes the command.</summary>
    public static Command Create(Compose compose)
    {
        var data = DataOption.Create();
        var url = new Option<Uri?>("--url")
        {
            HelpName = "URL",
            Description = "Where to listen (PIPELINE_URL)",
            CustomParser = static given => Address(given, "--url", given.Tokens[0].Value),
            DefaultValueFactory = static given => Address(given, UrlVariable, Environment.GetEnvironmentVariable(UrlVariable) is { Length: > 0 } set ? set : "http://127.0.0.1:8787"),
        };
        var agents = new Option<FileInfo>("--agents") { HelpName = "FILE", Description = "Who may call: principals, their keys' hashes, roles and workspaces" };
        var hosts = new Option<string[]>("--allow-host") { HelpName = "NAME[:PORT]", Description = "A host that requests may name, as a proxy's; a loopback proxy with its port" };
        var origins = new Option<string[]>("--allow-origin") { HelpName = "ORIGIN", Description = "A web page's origin that may call" };
        var limits = new LimitOptions();
        var command = new Command("serve", "Serve MCP over HTTP at /mcp") { data, url, agents, hosts, origins };
        limits.AddTo(command);
        command.SetAction(async (parsed, _) =>
        {
            using var signals = new StopSignals();
            var options = new HttpDoorOptions
            {
                Url = parsed.GetValue(url)!,
                Keys = parsed.GetValue(agents) is { } file ? AgentsFile.Read(file.FullName) : null,
                AllowedHosts = parsed.GetValue(hosts) ?? [],
                AllowedOrigins = parsed.GetValue(origins) ?? [],
            };
            return await RunAsync(parsed.GetValue(data)!, options, limits.Read(parsed), compose, signals.Token).ConfigureAwait(false);
        });
        return command;
    }

    private static Uri? Address(ArgumentResult given, string name, string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        given.AddError($"{name} '{text}' is no address like http://127.0.0.1:8787.");
        return null;
    }

    private static async Task<int> RunAsync(
        string dataFolder, HttpDoorOptions http, ConnectionLimits limits, Compose compose, CancellationToken stop)
    {
        if (http.Keys is null && !HttpDoor.IsLoopback(http.Url))
        {
            throw new WrongUsageException($"{http.Url} can be reached from other machines, and nobody would be asked for a key. Give --agents FILE, or listen on 127.0.0.1.");
        }

        using var folder = DataFolder.TryOwn(dataFolder);
        if (folder is null)
        {
            await Console.Error.WriteLineAsync($"Another process owns {Path.GetFullPath(dataFolder)}. Stop it, or give another --data.").ConfigureAwait(false);
            return 1;
        }

        await using var composition = await compose(folder, stop).ConfigureAwait(false);
        await using var socket = OwnerSocket.Listen(folder.Root, new OwnerSocketOptions { Limits = limits, Build = Build.Stamp }, composition);
        await using var door = await OpenAsync(http, composition, limits, stop).ConfigureAwait(false);
        if (door is null)
        {
            return 1;
        }

        await Console.Error.WriteLineAsync($"listening on {door.Url}").ConfigureAwait(false);
        var end = await new OwnerLifetime(folder.Root, socket, composition.HasWork, idle: null, Look, TimeProvider.System).WaitAsync(stop, composition.Failed).ConfigureAwait(false);
        composition.StopWaiting();
        if (end is OwnerEnd.FolderGone or OwnerEnd.StoreFailed)
        {
            await Console.Error.WriteLineAsync(end == OwnerEnd.FolderGone
                ? $"The data folder {folder.Root} is gone."
                : $"{(await composition.Failed.ConfigureAwait(false)).Message} Every call that was answered is kept; '{folder.Root}' is as the disk has it.").ConfigureAwait(false);
            return 1;
        }

        await socket.DrainAsync(Drain).ConfigureAwait(false);
        return 0;
    }

    private static async Task<HttpDoor?> OpenAsync(HttpDoorOptions http, Composition composition, ConnectionLimits limits, CancellationToken stop)
    {
        try
        {
            return await HttpDoor.OpenAsync(http, composition, limits, TimeProvider.System, stop).ConfigureAwait(false);
        }
        catch (IOException taken)
        {
            await Console.Error.WriteLineAsync($"{http.Url} cannot be listened on: {taken.Message} Give another --url; port 0 takes a free one.").ConfigureAwait(false);
            return null;
        }
    }
}
