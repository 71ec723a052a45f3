using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>
/// Entry ids and sizes, a row for each scope: whoever writes to a scope holds its row already, so scopes never wait for each other here.
/// </summary>
internal static class PostgresNumbersTable
{
    public static readonly Table Schema = new("index_numbers", """
        create table index_numbers (
            scope_id bigint primary key, next_id bigint not null, entries bigint not null, terms bigint not null) with (fillfactor=50);
        """);

    /// <summary>
    /// The end of a statement whose <c>changed</c> has a row of <c>length</c> terms for each entry and a <c>sign</c>: 1 where it came to the
    /// current ones, -1 where it left them, 0 where it is an older one. The row is <c>n</c>.
    /// </summary>
    public const string Count = """
        update index_numbers n set entries=n.entries+t.entries, terms=n.terms+t.terms
        from (select coalesce(sum(sign), 0)::bigint as entries, coalesce(sum(sign*length), 0)::bigint as terms from changed) t
        """;

    // 6e10 ids a scope, and 2e8 scopes. Ids below are those that were handed out where all scopes shared one row.
    private const int IdBits = 36;

    /// <summary>The first of <paramref name="count"/> consecutive ids.</summary>
    public static async ValueTask<long> ReserveAsync(ITransaction tx, long scopeId, int count) => await tx.FirstAsync<long>(
        """
        insert into index_numbers(scope_id, next_id, entries, terms) values(@ScopeId, @First+@Count, 0, 0)
        on conflict(scope_id) do update set next_id=index_numbers.next_id+@Count returning next_id-@Count
        """, new { ScopeId = scopeId, Count = (long)count, First = (scopeId << IdBits) + 1 }).ConfigureAwait(false);
}
