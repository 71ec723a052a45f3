using Pipeline.Storage.State;

namespace Pipeline.Tools.Costs;

/// <summary>The meter of bytes: what was moved against what lay there.</summary>
public static class MovementsTable
{
    public static readonly Table Schema = new("movements",
        """
        create table movements (
            movement_id {identity}, workspace text not null, run_id text, step_id text, tool text not null, asset text not null,
            source_bytes bigint not null, bytes_read bigint, bytes_written bigint not null, at_ms bigint not null);
        create index movements_by_workspace on movements(workspace, at_ms);
        create index movements_by_run on movements(run_id);
        """);

    public static ValueTask<int> AddAsync(ITransaction tx, Movement movement) => tx.ExecuteAsync(
        """
        insert into movements(workspace, run_id, step_id, tool, asset, source_bytes, bytes_read, bytes_written, at_ms)
        values(@Workspace, @RunId, @StepId, @Tool, @Asset, @SourceBytes, @BytesRead, @BytesWritten, @AtMs)
        """,
        movement with { AtMs = tx.NowMs });

    /// <summary>Sums over a workspace, or over one run in it; movements whose reads could not be measured count for nothing.</summary>
    public static async ValueTask<MovementTotals> TotalsAsync(IQuery query, string workspace, string? runId) =>
        await query.FirstAsync<MovementTotals>(
            """
            select coalesce(sum(source_bytes), 0) as source_bytes, coalesce(sum(bytes_read), 0) as bytes_read, coalesce(sum(bytes_written), 0) as bytes_written,
                coalesce(sum(case when bytes_read < source_bytes then source_bytes - bytes_read else 0 end), 0) as saved_bytes
            from movements where workspace=@workspace and bytes_read is not null and (cast(@runId as text) is null or run_id=@runId)
            """,
            new { workspace, runId }).ConfigureAwait(false) ?? new();
}

/// <summary>Sums of movements, in bytes.</summary>
public sealed record MovementTotals
{
    public long SourceBytes { get; init; }
    public long BytesRead { get; init; }
    public long BytesWritten { get; init; }
    public long SavedBytes { get; init; }
}
