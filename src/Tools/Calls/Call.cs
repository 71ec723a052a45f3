using ModelContextProtocol.Protocol;
using Pipeline.Storage.State;
using Pipeline.Tools.Audit;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Idempotency;

namespace Pipeline.Tools.Calls;

/// <summary>One tool call from door to commit: who calls, under which terms, and the one transaction in which its effect lands.</summary>
public sealed class Call(IDatabase database)
{
    private readonly List<ContentBlock> _attachments = [];

    /// <summary>Who is calling.</summary>
    public Caller Caller { get; private set; } = null!;

    /// <summary>The agent inside the principal.</summary>
    public string Agent { get; private set; } = "";

    /// <summary>The tool's name.</summary>
    public string Tool { get; private set; } = "";

    /// <summary>True when the tool changes something.</summary>
    public bool Changes { get; private set; }

    /// <summary>The conditions of a write.</summary>
    public WriteTerms Terms { get; private set; } = WriteTerms.None;

    /// <summary>The intent's name, if the caller gave one.</summary>
    public string? Key { get; private set; }

    /// <summary>Hash of the arguments, to tell a repeated call from another intent.</summary>
    public string BodyHash { get; private set; } = "";

    /// <summary>The store.</summary>
    public IDatabase Database { get; } = database;

    /// <summary>Where the caller reaches this server over HTTP; null over stdio.</summary>
    public Uri? BaseUrl { get; private set; }

    /// <summary>Content beside the structured result: links and pictures.</summary>
    public IReadOnlyList<ContentBlock> Attachments => _attachments;

    /// <summary>Called once, by the door's filter, before the tool runs.</summary>
    public void Begin(Caller caller, string? agent, string tool, bool changes, string? key, string bodyHash, WriteTerms terms, Uri? baseUrl = null) =>
        (Caller, Agent, Tool, Changes, Key, BodyHash, Terms, BaseUrl) = (caller, agent ?? caller.Principal, tool, changes, key, bodyHash, terms, baseUrl);

    /// <summary>Adds a link or a picture to the result.</summary>
    public void Attach(ContentBlock content) => _attachments.Add(content);

    /// <summary>The answer that this intent already got, or null.</summary>
    public async Task<StoredAnswer?> EarlierAnswerAsync(CancellationToken cancellation) => Key is null ? null
        : await Database.ReadAsync(query => IdempotencyTable.FindAsync(query, Caller.Principal, Tool, Key, BodyHash), cancellation).ConfigureAwait(false);

    /// <summary>
    /// Runs <paramref name="effect"/>, the audit entry and the idempotent answer as one transaction. When another call with the same key was
    /// first, its answer is returned and <paramref name="effect"/> does not run.
    /// </summary>
    /// <param name="workspace">Whose log the entry goes to; empty for what is above workspaces.</param>
    /// <param name="asset">The thing acted on, if one.</param>
    /// <param name="effect">Touches rows only.</param>
    /// <param name="cancellation">Honoured until the transaction begins.</param>
    /// <param name="detail">What the log should say beside the outcome; never a secret.</param>
    /// <param name="frees">Whether it frees something, and so goes on when the disk is full.</param>
    /// <param name="scope">What it is serialised on: the workspace if left out, which is right for an effect that stays inside it; see <see cref="Scopes"/>.</param>
    public async Task<T> CommitAsync<T>(
        string workspace, string? asset, Func<ITransaction, ValueTask<T>> effect, CancellationToken cancellation, Func<T, object?>? detail = null, bool frees = false,
        string? scope = null)
        where T : class =>
        (await TryCommitAsync<T>(workspace, asset, async tx => await effect(tx).ConfigureAwait(false), cancellation, detail, frees, scope).ConfigureAwait(false))!;

    /// <summary>
    /// The same for an effect that may not come about yet: when it gives null, its rows are kept, but nothing is logged and no answer is stored.
    /// </summary>
    public Task<T?> TryCommitAsync<T>(
        string workspace, string? asset, Func<ITransaction, ValueTask<T?>> effect, CancellationToken cancellation, Func<T, object?>? detail = null, bool frees = false,
        string? scope = null)
        where T : class
    {
        var within = scope ?? workspace;
        return frees ? Database.RelieveAsync(within, CommitAsync, cancellation) : Database.TransactAsync(within, CommitAsync, cancellation);

        async ValueTask<T?> CommitAsync(ITransaction tx)
        {
            if (Key is not null && await IdempotencyTable.FindAsync(tx, Caller.Principal, Tool, Key, BodyHash).ConfigureAwait(false) is { } earlier)
            {
                return Wire.Read<T>(earlier.Answer);
            }

            if (await effect(tx).ConfigureAwait(false) is not { } result)
            {
                return null;
            }

            var told = detail?.Invoke(result) is { } facts ? Wire.Write(facts) : null;
            await AuditTable.AppendAsync(tx, new(workspace, Caller.Principal, Agent, Tool, asset, "ok", told)).ConfigureAwait(false);
            if (Key is not null)
            {
                await IdempotencyTable.StoreAsync(tx, Caller.Principal, Tool, Key, BodyHash, result).ConfigureAwait(false);
            }

            return (T?)result;
        }
    }

    /// <summary>Logs an attempt that was refused.</summary>
    public Task RefusedAsync(string workspace, string? asset, string code, CancellationToken cancellation) =>
        Database.RelieveAsync(workspace.Length > 0 ? workspace : Scopes.AboveWorkspaces, async tx =>
        {
            await AuditTable.AppendAsync(tx, new(workspace, Caller.Principal, Agent, Tool, asset, code, null)).ConfigureAwait(false);
            return true;
        }, cancellation);
}
