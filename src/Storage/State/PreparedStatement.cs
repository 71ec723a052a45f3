using System.Data.Common;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>One statement's text with the properties that it names as its parameters, and how its rows are read.</summary>
internal sealed class PreparedStatement : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly (PropertyInfo Property, SqliteParameter Parameter)[] _parameters;
    private Delegate? _reader;
    private Type[] _columns = [];

    private PreparedStatement(SqliteCommand command, IEnumerable<PropertyInfo> parameters)
    {
        _command = command;
        _parameters = [.. parameters.Select(property => (property, new SqliteParameter { ParameterName = '@' + property.Name }))];
        _command.Parameters.AddRange(_parameters.Select(static pair => pair.Parameter));
    }

    /// <summary>
    /// Prepares <paramref name="sql"/>; null when a parameter is no plain value, as a list, for which the text differs from run to run, and when
    /// parameters are not properties but entries of a dictionary.
    /// </summary>
    public static PreparedStatement? TryMake(SqliteConnection connection, string sql, Type? parameters)
    {
        if (parameters is not null && (typeof(System.Collections.IEnumerable).IsAssignableFrom(parameters) || typeof(SqlMapper.IDynamicParameters).IsAssignableFrom(parameters)))
        {
            return null;
        }

        PropertyInfo[] named = [.. (parameters?.GetProperties() ?? []).Where(property => sql.Contains('@' + property.Name, StringComparison.Ordinal))];
        if (!named.All(static property => IsPlain(property.PropertyType)))
        {
            return null;
        }

        var command = connection.CreateCommand();
        command.CommandText = sql;
        return new(command, named);
    }

    public int Execute(object? parameters)
    {
        Bind(parameters);
        return _command.ExecuteNonQuery();
    }

    public List<T> Query<T>(object? parameters)
    {
        Bind(parameters);
        using var rows = _command.ExecuteReader();
        var read = new List<T>();
        if (rows.Read())
        {
            var reader = Reader<T>(rows);
            do
            {
                read.Add(reader(rows));
            }
            while (rows.Read());
        }

        return read;
    }

    public T? First<T>(object? parameters)
    {
        Bind(parameters);
        using var rows = _command.ExecuteReader();
        return rows.Read() ? Reader<T>(rows)(rows) : default;
    }

    public void Dispose() => _command.Dispose();

    private static bool IsPlain(Type type) =>
        type == typeof(string) || type == typeof(byte[]) || type == typeof(long) || type == typeof(int) || type == typeof(double) || type == typeof(bool)
        || (Nullable.GetUnderlyingType(type) is { } bare && IsPlain(bare));

    private void Bind(object? parameters)
    {
        foreach (var (property, parameter) in _parameters)
        {
            parameter.Value = property.GetValue(parameters) ?? DBNull.Value;
        }
    }

    // SQLite's columns have the types of the row's values; Dapper's reader is made for the types that it sees.
    private Func<DbDataReader, T> Reader<T>(SqliteDataReader rows)
    {
        if (IsPlain(typeof(T)))
        {
            return static row => row.IsDBNull(0) ? default! : row.GetFieldValue<T>(0);
        }

        var isKnown = _reader is Func<DbDataReader, T> && _columns.Length == rows.FieldCount;
        for (var column = 0; isKnown && column < _columns.Length; column++)
        {
            isKnown = rows.GetFieldType(column) == _columns[column];
        }

        if (!isKnown)
        {
            _columns = [.. Enumerable.Range(0, rows.FieldCount).Select(rows.GetFieldType)];
            _reader = rows.GetRowParser<T>();
        }

        return (Func<DbDataReader, T>)_reader!;
    }
}
