using System.Diagnostics;
using System.Security.Cryptography;
using Npgsql;

namespace Pipeline.Faults.Services;

/// <summary>
/// A PostgreSQL server of a test's own, which may be restarted and crashed without hurting anybody: a second data directory, flushed to disk, of the
/// installation that `tests/services up` made; or the server that PIPELINE_RIG_POSTGRES names, restarted by the command PIPELINE_RIG_POSTGRES_RESTART
/// with the word fast or immediate behind it.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string DefaultServices = "/var/cache/pipeline-test-services";
    private const string Folders = "/var/lib/postgresql";
    private const string Given = "PIPELINE_RIG_POSTGRES";
    private const string GivenRestart = "PIPELINE_RIG_POSTGRES_RESTART";

    private static readonly string Installation = Path.Combine(Read("PIPELINE_TEST_SERVICES_DIR") ?? DefaultServices, "system");

    private readonly string? _folder;
    private readonly string _options;

    private PostgresServer(string connectionString, string? folder, string options) => (ConnectionString, _folder, _options) = (connectionString, folder, options);

    /// <summary>How a superuser reaches its database.</summary>
    public string ConnectionString { get; }

    /// <summary>What is missing to start one; null when all is there.</summary>
    public static string? Missing => Read(Given) is not null
        ? Read(GivenRestart) is null ? $"{GivenRestart}, the command that restarts the server of {Given}" : null
        : File.Exists(Path.Combine(Installation, "made")) ? null
        : $"PostgreSQL in {Installation} (`eval \"$(sh tests/services up)\"` makes it), or {Given} and {GivenRestart}";

    /// <summary>Starts one, empty.</summary>
    /// <param name="settings">Of the server, such as max_connections=80.</param>
    /// <exception cref="InvalidOperationException">It did not start; the message says why.</exception>
    public static async Task<PostgresServer> StartAsync(params IReadOnlyList<string> settings)
    {
        if (Missing is { } missing)
        {
            throw new InvalidOperationException($"This needs {missing}.");
        }

        if (Read(Given) is { } given)
        {
            return new(given, null, "");
        }

        await EndOrphansAsync();
        var folder = $"{Folders}/own-{Environment.ProcessId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var port = FreePort.Next();
        string[] all = ["listen_addresses=127.0.0.1", $"port={port}", "unix_socket_directories=/tmp", "shared_buffers=64MB", "fsync=on", .. settings];
        var options = string.Join(' ', all.Select(one => "-c " + one));
        var server = new PostgresServer($"Host=127.0.0.1;Port={port};Username=pipeline;Database=postgres", folder, options);
        await InsideAsync("initdb", "-D", folder, "-U", "pipeline", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        await File.AppendAllTextAsync(Installation + folder + "/pg_hba.conf", "host all all 127.0.0.0/8 trust\n"); // whoever calls under another name of this machine
        await InsideAsync("pg_ctl", "-D", folder, "-w", "-t", "60", "-l", folder + "/log", "-o", options, "start");
        return server;
    }

    /// <summary>Stops it and starts it again; in a crash nothing is written down first, and the next start recovers.</summary>
    public async Task RestartAsync(bool crash)
    {
        var mode = crash ? "immediate" : "fast";
        Require(
            _folder is null
                ? await RunAsync("sh", "-c", $"{Read(GivenRestart)} {mode}")
                : await TryInsideAsync("pg_ctl", "-D", _folder, "-w", "-t", "60", "-m", mode, "-l", _folder + "/log", "-o", _options, "restart"),
            "The restart of PostgreSQL");
    }

    /// <summary>Throws out about so many of a hundred of its clients' sessions.</summary>
    /// <returns>How many.</returns>
    public async Task<long> ThrowOutAsync(int percent)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where backend_type='client backend' and pid<>pg_backend_pid() and random()*100<@percent", connection);
        command.Parameters.AddWithValue("percent", (double)percent);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Takes every session that is left, for so long: whoever needs another is refused.</summary>
    /// <returns>How many it took.</returns>
    public async Task<int> CrowdAsync(TimeSpan length)
    {
        var taken = new List<NpgsqlConnection>();
        try
        {
            while (true)
            {
                taken.Add(await OpenAsync());
            }
        }
        catch (NpgsqlException)
        {
            // No room is left, which was the point; or somebody threw us out.
        }

        await Task.Delay(length);
        foreach (var connection in taken)
        {
            await connection.DisposeAsync();
        }

        return taken.Count;
    }

    public async ValueTask DisposeAsync()
    {
        if (_folder is not null)
        {
            await InsideAsync("pg_ctl", "-D", _folder, "-m", "immediate", "-w", "stop");
            Directory.Delete(Installation + _folder, recursive: true);
        }
    }

    // Servers whose owners were killed before they could stop them.
    private static async Task EndOrphansAsync()
    {
        foreach (var left in Directory.EnumerateDirectories(Installation + Folders, "own-*"))
        {
            var owner = Path.GetFileName(left).Split('-')[1];
            if (!Directory.Exists($"/proc/{owner}"))
            {
                await TryInsideAsync("pg_ctl", "-D", $"{Folders}/{Path.GetFileName(left)}", "-m", "immediate", "-w", "stop");
                Directory.Delete(left, recursive: true);
            }
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false, Timeout = 60 }.ToString());
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task InsideAsync(string program, params string[] words) => Require(await TryInsideAsync(program, words), program);

    private static Task<(int Code, string Said)> TryInsideAsync(string program, params string[] words) => RunAsync("chroot",
    [
        Installation, "/usr/bin/env", "-i", "PATH=/usr/lib/postgresql/18/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8",
        "setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", program, .. words,
    ]);

    private static void Require((int Code, string Said) ended, string program)
    {
        if (ended.Code != 0)
        {
            throw new InvalidOperationException($"{program} failed: {ended.Said}");
        }
    }

    private static async Task<(int Code, string Said)> RunAsync(string program, params string[] words)
    {
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }

    private static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
