using System.ComponentModel.DataAnnotations;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Locks;

[Tool(Toolset.Locks, Changes = true, ShowsIdentity = true, AnswersRepeats = true)]
internal sealed partial class AcquireLock(Call call, LockQueue queue, LockGrants grants)
{
    private const int MostAssets = 64;
    private const int LongestPurpose = 500;

    /// <summary>
    /// Locks a path, or several all-or-none, for a limited time. Pass the token as lock_token with every write of the path. The path need not exist.
    /// </summary>
    /// <param name="asset">workspace/path.</param>
    /// <param name="assets">Instead of asset: up to 64, taken together.</param>
    /// <param name="ttl_seconds">1-3600; renew_lock before it ends.</param>
    /// <param name="mode">exclusive to write; shared to keep others from writing.</param>
    /// <param name="wait_seconds">0-45: wait in line for it.</param>
    /// <param name="purpose">Shown to those who wait.</param>
    /// <param name="lock_id">Your lock on the path, to enter it again.</param>
    [McpServerTool(Name = "acquire_lock", Title = "Acquire lock", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<LockGrant> RunAsync(
        string? asset = null, string[]? assets = null, double ttl_seconds = 60, [AllowedValues("exclusive", "shared")] string mode = LockMode.Exclusive,
        double wait_seconds = 0, string? purpose = null, string? lock_id = null, CancellationToken cancellation = default)
    {
        if (await call.EarlierAnswerAsync(cancellation).ConfigureAwait(false) is { } earlier)
        {
            return await grants.CurrentAsync(Wire.Read<LockGrant>(earlier.Answer).LockId, cancellation).ConfigureAwait(false);
        }

        if (purpose?.Length > LongestPurpose)
        {
            throw new InvalidArgumentError("purpose", $"purpose is at most {LongestPurpose} characters.");
        }

        var request = new LockRequest(
            Names(asset, assets), assets is not null, Mode(mode), Limits.LeaseMs(ttl_seconds, "ttl_seconds"), purpose, call.Caller.Principal, call.Agent);
        var wait = Limits.Wait(wait_seconds);
        return lock_id is null
            ? await queue.AcquireAsync(request, wait, cancellation).ConfigureAwait(false)
            : await ReenterAsync(request, lock_id, cancellation).ConfigureAwait(false);
    }

    private Task<LockGrant> ReenterAsync(LockRequest request, string lockId, CancellationToken cancellation) =>
        call.CommitAsync(request.Assets[0].Workspace, request.Together ? null : request.Assets[0].Current, async tx =>
        {
            await WorkspacesTable.RequireAsync(tx, call.Caller, request.Assets[0].Workspace).ConfigureAwait(false);
            var rows = await grants.LiveAsync(tx, lockId).ConfigureAwait(false);
            if (!rows.Select(row => row.Asset).Order(StringComparer.Ordinal).SequenceEqual(request.Assets.Select(name => name.Current).Order(StringComparer.Ordinal)))
            {
                throw new InvalidArgumentError("lock_id", $"The lock '{lockId}' is on {string.Join(", ", rows.Select(row => $"'{row.Asset}'"))}: name the same to enter it again.");
            }

            if (request.Mode == LockMode.Exclusive && rows.Any(row => row.Mode == LockMode.Shared))
            {
                throw new InvalidArgumentError("mode", "The lock is shared. Release it, then acquire an exclusive one.");
            }

            return LockGrant.From(await LockGrants.ExtendAsync(tx, rows, request.TtlMs).ConfigureAwait(false));
        }, cancellation, result => new { result.LockId, reentered = true }, scope: Scopes.Of(request.Assets.Select(name => name.Workspace)));

    private static string Mode(string mode) => mode is LockMode.Exclusive or LockMode.Shared ? mode
        : throw new InvalidArgumentError("mode", "mode is exclusive or shared.");

    private static List<AssetName> Names(string? asset, string[]? assets)
    {
        if (asset is null == assets is null)
        {
            throw new InvalidArgumentError("asset", "Name either asset or assets, one of the two.");
        }

        if (assets is { Length: < 1 or > MostAssets })
        {
            throw new InvalidArgumentError("assets", $"assets names 1 to {MostAssets} paths, not {assets.Length}.");
        }

        var names = (assets ?? [asset!]).Select((text, place) => Name(text, assets is null ? "asset" : $"assets[{place}]"))
            .OrderBy(name => name.Workspace, StringComparer.Ordinal).ThenBy(name => name.Path, StringComparer.Ordinal).ToList();
        return names.Zip(names.Skip(1)).FirstOrDefault(pair => pair.First == pair.Second) is { First: { } twice }
            ? throw new InvalidArgumentError("assets", $"'{twice}' is named twice.")
            : names;
    }

    private static AssetName Name(string text, string argument)
    {
        var name = AssetName.Parse(text, argument);
        return name.Version is null ? name
            : throw new InvalidArgumentError(argument, $"A lock is on the path, not on one version: name '{name.Current}'.");
    }
}
