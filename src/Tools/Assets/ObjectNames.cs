using Pipeline.Storage.State;

namespace Pipeline.Tools.Assets;

/// <summary>Every column of every slice in which a row names an object.</summary>
/// <param name="columns">The columns.</param>
public sealed class ObjectNames(IReadOnlyList<ObjectColumn> columns)
{
    private readonly string _named = string.Join(" union ", columns.Select(column => $"select {column.Column} as sha256 from {column.Table} where {column.While} and {column.Column} in @names"));
    private readonly string _after = string.Join(" union ", columns.Select(column => $"select {column.Column} as sha256 from {column.Table} where {column.While} and {column.Column}>@after"));

    /// <summary>Those of <paramref name="names"/> that a row names.</summary>
    public async ValueTask<HashSet<string>> NamedAsync(IQuery query, IReadOnlyCollection<string> names) =>
        names.Count == 0 ? [] : [.. await query.QueryAsync<string>(_named, new { names }).ConfigureAwait(false)];

    /// <summary>The next objects that rows name, by name.</summary>
    public ValueTask<IReadOnlyList<string>> AfterAsync(IQuery query, string after, int limit) =>
        query.QueryAsync<string>($"select sha256 from ({_after}) as named order by sha256 limit @limit", new { after, limit });
}
