using System.Globalization;
using Pipeline.Storage.State;

namespace Pipeline.Index;

/// <summary>All that a question needs to know of its scope before it looks for anything, in one statement.</summary>
internal static class PostgresScopeTable
{
    /// <summary>The scope, or null when it has never held anything. The search settings hold for the rest of the snapshot.</summary>
    public static async ValueTask<PostgresScope?> FindAsync(IQuery query, Question question, string identity, bool anyVersion)
    {
        var rows = await query.QueryAsync<ScopeWordRow>(
            $"""
            with found as materialized (
                select c.scope_id, coalesce(n.entries, 0) as entries, coalesce(n.terms, 0) as terms,
                    (case when exists(select 1 from index_sources s where s.scope_id=c.scope_id and s.entries>0 and s.embedding<@Identity)
                        or exists(select 1 from index_sources s where s.scope_id=c.scope_id and s.entries>0 and s.embedding>@Identity) then 1 else 0 end)::bigint as has_foreign,
                    (case when exists(select 1 from pg_catalog.pg_index i
                        where i.indexrelid=to_regclass(@Graph || c.scope_id || '_' || @Dimensions) and i.indisvalid) then 1 else 0 end)::bigint as has_graph,
                    {SetSettings} as settings
                from index_scopes c left join index_numbers n on n.scope_id=c.scope_id where c.scope=@Scope)
            select found.*, v.term, v.entries as holding from found
            left join index_words v on v.scope_id=found.scope_id and v.term=any(@Terms){(anyVersion ? "" : " and v.current=1")} and v.entries>0
            """,
            new
            {
                question.Query.Scope,
                Identity = identity,
                Graph = PostgresGraphTable.Prefix,
                Dimensions = question.Vector.Length.ToString(CultureInfo.InvariantCulture),
                Terms = question.RankingTerms.ToArray(),
            }).ConfigureAwait(false);
        return rows.Count == 0 ? null : new PostgresScope(rows[0].ScopeId, rows[0].HasForeign == 1, rows[0].HasGraph == 1, new WordStatistics(
            rows[0].Entries, rows[0].Terms,
            rows.Where(row => row.Term is not null).GroupBy(row => row.Term!, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Sum(row => row.Holding!.Value), StringComparer.Ordinal)));
    }

    private static readonly string SetSettings = string.Join(" || ", PostgresSearchIndex.SettingsFor(PostgresSearchIndex.ManyEntries).Select(static many =>
        $"set_config('{many.Key}', case when n.entries>={PostgresSearchIndex.ManyEntries} then '{many.Value}' else '{PostgresSearchIndex.SettingsFor(0)[many.Key]}' end, true)"));

    private sealed record ScopeWordRow
    {
        public long ScopeId { get; init; }
        public long Entries { get; init; }
        public long Terms { get; init; }
        public long HasForeign { get; init; }
        public long HasGraph { get; init; }
        public string? Term { get; init; }
        public long? Holding { get; init; }
    }
}
