using System.Diagnostics;
using System.Runtime.CompilerServices;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests;

/// <summary>A real process that does one thing to a data folder, says what it has done, and can be killed.</summary>
internal sealed class Child : IDisposable
{
    private readonly Process _process;

    private Child(Process process) => _process = process;

    public static Child Start(string what, string folder)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Pipeline.Storage.Tests"), ["child", what, folder])
        {
            RedirectStandardOutput = true,
        };
        return new Child(Process.Start(start)!);
    }

    public async Task<string?> SaysAsync() => await _process.StandardOutput.ReadLineAsync();

    /// <summary>kill -9; the lines it had said before it died, to the last.</summary>
    public async Task<List<string>> KillAsync()
    {
        _process.Kill();
        List<string> said = [];
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            said.Add(line);
        }

        await _process.WaitForExitAsync();
        return said;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    public static async Task<int> RunAsync(string what, string folder)
    {
        using var owned = DataFolder.TryOwn(folder);
        if (owned is null)
        {
            Console.WriteLine("taken");
            return 1;
        }

        Console.WriteLine("owned");
        switch (what)
        {
            case "own":
                await Task.Delay(Timeout.Infinite);
                break;
            case "write":
                await WriteAsync(owned);
                break;
            case "put":
                await PutAsync(owned);
                break;
            default:
                throw new SwitchExpressionException(what);
        }

        return 0;
    }

    private static async Task PutAsync(DataFolder folder)
    {
        await using var database = SqliteDatabase.Open(folder.DatabaseFile, TimeProvider.System);
        await database.MigrateAsync([Rows.Schema], CancellationToken.None);
        var store = new FileObjectStore(folder.Root);
        var last = await database.ReadAsync(query => query.FirstAsync<long>("select coalesce(max(value), 0) from rows"), CancellationToken.None);
        var chance = new Random((int)last);
        for (var n = last + 1; ; n++)
        {
            var bytes = new byte[chance.Next(1, 400_000)];
            chance.NextBytes(bytes);
            var stored = await store.PutAsync(new MemoryStream(bytes), CancellationToken.None);
            await Rows.AddAsync(database, n, stored.Sha256);
            Console.WriteLine(stored.Sha256);
        }
    }

    private static async Task WriteAsync(DataFolder folder)
    {
        await using var database = SqliteDatabase.Open(folder.DatabaseFile, TimeProvider.System);
        await database.MigrateAsync([Rows.Schema], CancellationToken.None);
        var said = new Lock();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
        {
            for (long n = 0; ; n++)
            {
                var value = (writer * 1_000_000_000L) + n;
                await database.TransactAsync(async tx =>
                {
                    await Rows.AddAsync(tx, value);
                    return await Rows.AddAsync(tx, -1 - value);
                }, CancellationToken.None);
                lock (said)
                {
                    Console.WriteLine(value);
                }
            }
        }));
    }
}
