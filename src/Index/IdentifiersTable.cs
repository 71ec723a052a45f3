using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>Hands out entry ids in runs, so that many rows can be written by one statement. An id is never handed out twice.</summary>
internal static class IdentifiersTable
{
    public static readonly Table Schema = new("index_identifiers", """
        create table index_identifiers (name text primary key, next_id bigint not null);
        insert into index_identifiers(name, next_id) values('entry', 1);
        """);

    /// <summary>The first of <paramref name="count"/> consecutive ids.</summary>
    public static async ValueTask<long> ReserveAsync(ITransaction tx, int count) => await tx.FirstAsync<long>(
        "update index_identifiers set next_id=next_id+@Count where name='entry' returning next_id-@Count",
        new { Count = (long)count }).ConfigureAwait(false);
}
