using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>A connection that prepares each statement once and keeps it: parsing costs more than running what we run. For one thread at a time.</summary>
internal sealed class PreparingConnection(string connectionString) : SqliteConnection(connectionString)
{
    private const int Most = 1000;

    private readonly Dictionary<(string Sql, Type? Parameters), PreparedStatement?> _statements = [];

    /// <summary>The statement, ready to run; null when it cannot be kept, see <see cref="PreparedStatement.TryMake"/>.</summary>
    public PreparedStatement? Prepared(string sql, object? parameters)
    {
        var key = (sql, parameters?.GetType());
        if (!_statements.TryGetValue(key, out var statement))
        {
            if (_statements.Count == Most)
            {
                Forget();
            }

            _statements[key] = statement = PreparedStatement.TryMake(this, sql, key.Item2);
        }

        return statement;
    }

    /// <summary>Runs a statement without parameters.</summary>
    public void Run(string sql) => Prepared(sql, null)!.Execute(null);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Forget();
        }

        base.Dispose(disposing);
    }

    private void Forget()
    {
        foreach (var statement in _statements.Values)
        {
            statement?.Dispose();
        }

        _statements.Clear();
    }
}
