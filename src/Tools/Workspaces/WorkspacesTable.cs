using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Workspaces;

/// <summary>Workspaces and their settings.</summary>
public static class WorkspacesTable
{
    public static readonly Table Schema = new("workspaces",
        """
        create table workspaces (
            workspace text primary key, organization text not null, auto_index bigint not null, locks_required bigint not null,
            metadata_schema text, version bigint not null, created_at_ms bigint not null);
        """);

    private const string Columns = "workspace, organization, auto_index, locks_required, metadata_schema, version, created_at_ms";

    /// <summary>The workspace, when it exists and the caller sees it.</summary>
    /// <exception cref="NotFoundError">Otherwise, without telling which.</exception>
    public static async ValueTask<WorkspaceRow> RequireAsync(IQuery query, Caller caller, string workspace) =>
        (caller.Sees(workspace) ? await FindAsync(query, workspace).ConfigureAwait(false) : null)
        ?? throw new NotFoundError("workspace", workspace, "list_workspaces shows yours; create_workspace makes one.");

    public static ValueTask<WorkspaceRow?> FindAsync(IQuery query, string workspace) =>
        query.FirstAsync<WorkspaceRow>($"select {Columns} from workspaces where workspace=@workspace", new { workspace });

    public static ValueTask<IReadOnlyList<WorkspaceRow>> AllAsync(IQuery query) =>
        query.QueryAsync<WorkspaceRow>($"select {Columns} from workspaces order by workspace");

    /// <summary>Inserts the workspace; 0 when it is there already.</summary>
    public static ValueTask<int> InsertAsync(ITransaction tx, WorkspaceRow row) => tx.ExecuteAsync(
        $"insert into workspaces({Columns}) values(@Workspace, @Organization, @AutoIndex, @LocksRequired, @MetadataSchema, @Version, @CreatedAtMs) on conflict(workspace) do nothing",
        row);

    /// <summary>Writes new settings over version <paramref name="expected"/>; 0 when another version is current.</summary>
    public static ValueTask<int> UpdateAsync(ITransaction tx, WorkspaceRow row, long expected) => tx.ExecuteAsync(
        """
        update workspaces set organization=@Organization, auto_index=@AutoIndex, locks_required=@LocksRequired, metadata_schema=@MetadataSchema, version=@Version
        where workspace=@Workspace and version=@expected
        """,
        new { row.Organization, row.AutoIndex, row.LocksRequired, row.MetadataSchema, row.Version, row.Workspace, expected });
}
