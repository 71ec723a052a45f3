using System.Security.Cryptography;
using System.Text;
using Pipeline.Storage;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

/// <summary>The downloads under way: a file and a row each. They outlast a restart, so that a download does too.</summary>
internal sealed class Downloads
{
    private readonly IDatabase _database;
    private readonly string _folder;
    private readonly Turns _turns = new();

    public Downloads(IDatabase database, DataFolder data)
    {
        (_database, _folder) = (database, Path.Combine(data.Root, "imports"));
        Directory.CreateDirectory(_folder);
    }

    /// <summary>What names the import of an address by a principal to a target.</summary>
    public static string IdOf(string principal, AssetName target, string url) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{principal}\n{target.Current}\n{url}")));

    /// <summary>Whether a call is at it now.</summary>
    public bool IsRunning(string id) => _turns.IsTaken(id);

    /// <summary>Bytes on disk.</summary>
    public long SizeBytes(string id) => new FileInfo(PathOf(id)) is { Exists: true } file ? file.Length : 0;

    /// <summary>Waits until nobody else works on it in this process; disposing the answer lets the next one in.</summary>
    public Task<IDisposable> TurnAsync(string id, CancellationToken cancellation) => _turns.TakeAsync(id, cancellation);

    /// <summary>The download of that id as far as it is, or a new one.</summary>
    public async Task<PartialDownload> OpenAsync(string id, Call call, AssetName target, string host, CancellationToken cancellation)
    {
        var known = await _database.ReadAsync(query => DownloadsTable.FindAsync(query, id), cancellation).ConfigureAwait(false);
        var row = known ?? new DownloadRow { DownloadId = id, Principal = call.Caller.Principal, Workspace = target.Workspace, Path = target.Path, Host = host };
        var partial = new PartialDownload(PathOf(id), row with { Agent = call.Agent }, _database);
        if (known is null)
        {
            partial.Restart();
        }

        return partial;
    }

    /// <summary>Forgets a download whose bytes are of no use.</summary>
    public async Task ForgetAsync(string id)
    {
        await _database.TransactAsync(Scopes.Transfers, tx => DownloadsTable.EndAsync(tx, id), CancellationToken.None).ConfigureAwait(false);
        File.Delete(PathOf(id));
    }

    /// <summary>Forgets those past their time, and files that belong to none; returns how many files went.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellation)
    {
        // The files first: a row comes before its file.
        var files = Directory.GetFiles(_folder);
        await _database.RelieveAsync(Scopes.Transfers, DownloadsTable.SweepAsync, cancellation).ConfigureAwait(false);
        var known = (await _database.ReadAsync(DownloadsTable.IdsAsync, cancellation).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
        var strays = files.Where(file => !known.Contains(Path.GetFileName(file)) && !_turns.IsTaken(Path.GetFileName(file))).ToList();
        strays.ForEach(File.Delete);
        return strays.Count;
    }

    private string PathOf(string id) => Path.Combine(_folder, id);
}
