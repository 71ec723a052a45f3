using Pipeline.Storage.State;

namespace Pipeline.Tools.Audit;

/// <summary>The administrative log, one hash chain a workspace.</summary>
public static class AuditTable
{
    public static readonly Table Schema = new("audit",
        """
        create table audit_heads (workspace text primary key, sequence bigint not null, hash text not null);
        create table audit (
            workspace text not null, sequence bigint not null, at_ms bigint not null, principal text not null, agent text not null,
            tool text not null, asset text, outcome text not null, detail text, hash text not null,
            primary key (workspace, sequence));
        """);

    private const string Columns = "workspace, sequence, at_ms, principal, agent, tool, asset, outcome, detail, hash";

    /// <summary>Appends to the workspace's chain. The head row serialises writers of one workspace.</summary>
    public static async ValueTask AppendAsync(ITransaction tx, AuditEntry entry)
    {
        // Of the head, what comes back is the new number with the old hash.
        var head = await tx.FirstAsync<AuditHead>(
            """
            insert into audit_heads(workspace, sequence, hash) values(@Workspace, 1, '')
            on conflict(workspace) do update set sequence=audit_heads.sequence+1 returning sequence, hash
            """,
            entry).ConfigureAwait(false);
        var row = new AuditRow
        {
            Workspace = entry.Workspace,
            Sequence = head!.Sequence,
            AtMs = tx.NowMs,
            Principal = entry.Principal,
            Agent = entry.Agent,
            Tool = entry.Tool,
            Asset = entry.Asset,
            Outcome = entry.Outcome,
            Detail = entry.Detail,
        };
        row = row with { Hash = AuditChain.Link(head.Hash, row) };
        await tx.ExecuteAsync(
            $"insert into audit({Columns}) values(@Workspace, @Sequence, @AtMs, @Principal, @Agent, @Tool, @Asset, @Outcome, @Detail, @Hash)",
            row).ConfigureAwait(false);
        await tx.ExecuteAsync("update audit_heads set hash=@Hash where workspace=@Workspace", row).ConfigureAwait(false);
    }

    /// <summary>Entries after <paramref name="sequence"/> from <paramref name="sinceMs"/> on, oldest first.</summary>
    public static ValueTask<IReadOnlyList<AuditRow>> PageAsync(IQuery query, string workspace, long sequence, long sinceMs, int limit) =>
        query.QueryAsync<AuditRow>(
            $"select {Columns} from audit where workspace=@workspace and sequence>@sequence and at_ms>=@sinceMs order by sequence limit @limit",
            new { workspace, sequence, sinceMs, limit });

    /// <summary>When the agent last did something in the workspace; null when not within its newest <paramref name="depth"/> entries.</summary>
    public static ValueTask<long?> LastActAsync(IQuery query, string workspace, string principal, string agent, long depth) => query.FirstAsync<long?>(
        """
        select at_ms from audit where workspace=@workspace and principal=@principal and agent=@agent
            and sequence>(select sequence from audit_heads where workspace=@workspace) - @depth
        order by sequence desc limit 1
        """,
        new { workspace, principal, agent, depth });

    /// <summary>Every workspace that has a chain.</summary>
    public static ValueTask<IReadOnlyList<string>> WorkspacesAsync(IQuery query) => query.QueryAsync<string>("select workspace from audit_heads order by workspace");

    /// <summary>The end of the workspace's chain.</summary>
    public static async ValueTask<AuditHead> HeadAsync(IQuery query, string workspace) =>
        await query.FirstAsync<AuditHead>("select sequence, hash from audit_heads where workspace=@workspace", new { workspace }).ConfigureAwait(false) ?? AuditHead.Empty;
}
