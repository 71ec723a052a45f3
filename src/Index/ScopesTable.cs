using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>One row per scope, with a revision that grows with every change in it.</summary>
internal static class ScopesTable
{
    public static readonly Table Schema = new("index_scopes",
        "create table index_scopes (scope_id {identity}, scope text not null unique, revision bigint not null)");

    public static ValueTask<ScopeRow?> FindAsync(IQuery query, string scope) => query.FirstAsync<ScopeRow>(
        "select scope_id, revision from index_scopes where scope=@Scope", new { Scope = scope });

    /// <summary>The scope's row with its revision already raised; makes the row when there is none.</summary>
    public static async ValueTask<ScopeRow> AdvanceAsync(ITransaction tx, string scope) => (await tx.FirstAsync<ScopeRow>(
        """
        insert into index_scopes(scope, revision) values(@Scope, 1)
        on conflict(scope) do update set revision=index_scopes.revision+1 returning scope_id, revision
        """, new { Scope = scope }).ConfigureAwait(false))!;
}
