namespace Pipeline.Storage.State;

/// <summary>Reads rows. Columns in snake_case map to properties in PascalCase; parameters are the members of an anonymous object.</summary>
public interface IQuery
{
    /// <summary>The store's clock, in milliseconds since the Unix epoch: the only clock that decides expiry.</summary>
    long NowMs { get; }

    /// <summary>All rows of <paramref name="sql"/>.</summary>
    ValueTask<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null);

    /// <summary>The first row or value of <paramref name="sql"/>; null or default when there is none.</summary>
    ValueTask<T?> FirstAsync<T>(string sql, object? parameters = null);
}
