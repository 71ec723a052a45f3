using System.Globalization;

namespace Pipeline.Index;

/// <summary>
/// A query's filters as SQL over <c>index_sources s</c> and <c>index_entries e</c>. Names come from the closed list below; every value of the
/// caller is a parameter.
/// </summary>
internal sealed class QueryFilter
{
    private readonly List<string> _source = ["s.scope_id=@ScopeId"];
    private readonly List<string> _entry = [];

    public QueryFilter(SearchQuery query, long scopeId)
    {
        Parameters["ScopeId"] = scopeId;
        Kinds = query.Kinds is { Count: > 0 } ? [.. query.Kinds.Distinct()] : [];
        AddSubject(query);
        AddKinds();
        for (var place = 0; place < query.Conditions.Count; place++)
        {
            AddCondition(query.Conditions[place], place.ToString(CultureInfo.InvariantCulture));
        }
    }

    public Dictionary<string, object?> Parameters { get; } = [];

    /// <summary>The kinds asked for; empty: all.</summary>
    public IReadOnlyList<EntryKind> Kinds { get; }

    /// <summary>The kinds asked for as a list of SQL literals.</summary>
    public string KindsSql => string.Join(',', Kinds.Select(kind => $"'{kind.Name()}'"));

    /// <summary>True when not simply all current sources are asked.</summary>
    public bool ChoosesSources { get; private set; }

    /// <summary>True when something is asked of entries themselves beside their kind.</summary>
    public bool ChoosesEntries { get; private set; }

    /// <summary>True when older versions are asked too.</summary>
    public bool AnyVersion { get; private set; }

    /// <summary>True when every current entry of the scope is an answer.</summary>
    public bool TakesAll => !ChoosesSources && !ChoosesEntries && Kinds.Count == 0;

    public string SourceSql => string.Join(" and ", _source);

    public string EntrySql => _entry.Count == 0 ? "1=1" : string.Join(" and ", _entry);

    private void AddSubject(SearchQuery query)
    {
        ChoosesSources = query.Subject is not null || query.Version is not null;
        AnyVersion = query.Version is not null;
        _source.Add(AnyVersion ? "s.version=@Version" : "s.current=1");
        Parameters["Version"] = query.Version;
        if (query.Subject is not null)
        {
            _source.Add("s.subject=@Subject");
            Parameters["Subject"] = query.Subject;
        }
    }

    private void AddKinds()
    {
        if (Kinds.Count > 0)
        {
            _entry.Add($"e.kind in ({KindsSql})");
        }
    }

    private void AddCondition(FieldCondition condition, string place)
    {
        var compared = $"{Operator(condition.Comparison)} @Value{place}";
        Parameters["Value" + place] = condition.Value.Number is { } number ? number : condition.Value.Text;
        var type = condition.Value.Number is null ? "text_value" : "number_value";
        if (!condition.OfEntry)
        {
            ChoosesSources = true;
            Parameters["Name" + place] = condition.SubjectField;
            _source.Add(
                "s.subject in (select o.subject from index_fields f join index_sources o on o.source_id=f.source_id "
                + $"where o.scope_id=@ScopeId and {(AnyVersion ? "o.version=@Version" : "o.current=1")} and f.name=@Name{place} and f.{type} {compared})");
            return;
        }

        var text = condition.Field is "label" or "source";
        var sql = text == (type == "text_value") ? $"{(condition.Field == "source" ? "s" : "e")}.{condition.Field} {compared}" : "1=0";
        if (condition.Field == "source")
        {
            ChoosesSources = true;
            _source.Add(sql);
        }
        else
        {
            ChoosesEntries = true;
            _entry.Add(sql);
            _entry.Add("e.first_entry_id is null");
        }
    }

    private static string Operator(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.NotEqual => "<>",
        Comparison.Less => "<",
        Comparison.LessOrEqual => "<=",
        Comparison.Greater => ">",
        _ => ">=",
    };
}
