using System.Runtime.InteropServices;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>The entries' vectors, as little-endian 32-bit floats; they are read into memory once and searched there.</summary>
internal static class SqliteVectorTable
{
    public static readonly Table Schema = new("index_vectors", "create table index_vectors (entry_id bigint primary key, vector blob not null)");

    public static async ValueTask PutAsync(ITransaction tx, IEnumerable<(long EntryId, float[] Vector)> vectors) => await tx.ExecuteAsync(
        "insert into index_vectors(entry_id, vector) values(@EntryId, @Vector) on conflict(entry_id) do update set vector=excluded.vector",
        vectors.Select(row => new { row.EntryId, Vector = MemoryMarshal.AsBytes<float>(row.Vector).ToArray() })).ConfigureAwait(false);

    public static async ValueTask DeleteAsync(ITransaction tx, long sourceId) => await tx.ExecuteAsync(
        "delete from index_vectors where entry_id in (select entry_id from index_entries where source_id=@SourceId)", new { SourceId = sourceId }).ConfigureAwait(false);

    public static ValueTask<IReadOnlyList<VectorRow>> OfSourceAsync(IQuery query, long sourceId) => query.QueryAsync<VectorRow>(
        """
        select e.entry_id, e.kind, e.first_entry_id, v.vector from index_entries e join index_vectors v on v.entry_id=e.entry_id
        where e.source_id=@SourceId order by e.entry_id
        """, new { SourceId = sourceId });
}
