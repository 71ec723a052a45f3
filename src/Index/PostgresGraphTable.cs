using System.Globalization;

namespace Pipeline.Index;

/// <summary>The graphs over scopes' vectors as the catalogue has them, and the scopes that want one.</summary>
internal static class PostgresGraphTable
{
    public const string Prefix = "index_embeddings_graph_";

    /// <summary>Every graph, and whether it is finished.</summary>
    public const string Existing = $"""
        select c.relname, i.indisvalid from pg_index i join pg_class c on c.oid=i.indexrelid
        where starts_with(c.relname, '{Prefix}') and c.relnamespace=current_schema()::regnamespace
        """;

    /// <summary>The scopes with <c>@Least</c> current entries of at most <c>@MostDimensions</c>, smallest first, and where their vectors lie.</summary>
    public const string Scopes = """
        select n.scope_id, n.entries, d.dimensions, d.partition from index_numbers n cross join lateral (
            select v.dimensions, v.tableoid::regclass::text as partition from index_embeddings v where v.scope_id=n.scope_id and v.current=1 limit 1) d
        where n.entries>=@Least and d.dimensions<=@MostDimensions order by n.entries
        """;

    public static string Name(long scopeId, long dimensions) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{scopeId}_{dimensions}");

    public static string Create(string name, long scopeId, long dimensions, string partition) => string.Create(CultureInfo.InvariantCulture,
        $"""
        create index concurrently {name} on {partition} using hnsw ((vector::halfvec({dimensions})) halfvec_cosine_ops)
        with (m=16, ef_construction=64) where scope_id={scopeId} and current=1 and dimensions={dimensions}
        """);
}
