using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Pipeline.Storage.State;

/// <summary>
/// One statement's text with its typed parameters and how its rows are read. It is prepared when it runs for the second time: what runs once,
/// as a migration, may name tables that only its own first half makes.
/// </summary>
internal sealed partial class PostgresStatement : IDisposable
{
    private readonly NpgsqlCommand _command;
    private readonly (PropertyInfo Property, NpgsqlParameter Parameter)[] _parameters;
    private Delegate? _reader;
    private bool _ran;

    public PostgresStatement(NpgsqlConnection connection, string sql, Type? parameters)
    {
        _command = new(InList().Replace(sql, static list => list.Groups["not"].Success ? $"<> all({list.Groups["name"]})" : $"= any({list.Groups["name"]})"), connection);
        _parameters = [.. (parameters?.GetProperties() ?? []).Where(property => sql.Contains('@' + property.Name, StringComparison.Ordinal))
            .Select(static property => (property, Parameter(property.Name, property.PropertyType)))];
        foreach (var (_, parameter) in _parameters)
        {
            _command.Parameters.Add(parameter);
        }
    }

    /// <summary>A statement whose parameters are entries of a dictionary, for one run.</summary>
    public PostgresStatement(NpgsqlConnection connection, string sql, IReadOnlyDictionary<string, object?> parameters) : this(connection, sql, (Type?)null)
    {
        foreach (var (name, value) in parameters)
        {
            var parameter = value is null ? new NpgsqlParameter { ParameterName = name, NpgsqlDbType = NpgsqlDbType.Unknown } : Parameter(name, value.GetType());
            parameter.Value = Plain(value);
            _command.Parameters.Add(parameter);
        }
    }

    public int Execute(object? parameters)
    {
        Bind(parameters);
        return Math.Max(0, _command.ExecuteNonQuery());
    }

    public List<T> Query<T>(object? parameters)
    {
        Bind(parameters);
        using var rows = _command.ExecuteReader();
        var read = new List<T>();
        while (rows.Read())
        {
            read.Add(Reader<T>(rows)(rows));
        }

        return read;
    }

    public async ValueTask<List<T>> QueryAsync<T>(object? parameters, CancellationToken cancellation)
    {
        Bind(parameters);
        var rows = await _command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await using var _ = rows.ConfigureAwait(false);
        var read = new List<T>();
        while (await rows.ReadAsync(cancellation).ConfigureAwait(false))
        {
            read.Add(Reader<T>(rows)(rows));
        }

        return read;
    }

    public void Dispose() => _command.Dispose();

    private static NpgsqlParameter Parameter(string name, Type type) => TypeOf(type) is { } known
        ? new() { ParameterName = name, NpgsqlDbType = known }
        : new() { ParameterName = name };

    private static NpgsqlDbType? TypeOf(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare == typeof(string) ? NpgsqlDbType.Text
            : bare == typeof(long) || bare == typeof(int) || bare == typeof(bool) ? NpgsqlDbType.Bigint // no column is a boolean
            : bare == typeof(double) ? NpgsqlDbType.Double
            : bare == typeof(float) ? NpgsqlDbType.Real
            : bare == typeof(byte[]) ? NpgsqlDbType.Bytea
            : ElementOf(bare) is { } element && TypeOf(element) is { } known ? NpgsqlDbType.Array | known
            : null;
    }

    private static Type? ElementOf(Type type) => type.IsArray ? type.GetElementType()
        : type.GetInterfaces().Append(type).FirstOrDefault(static one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IEnumerable<>))?.GetGenericArguments()[0];

    private static object Plain(object? value) => value switch
    {
        null => DBNull.Value,
        bool yes => yes ? 1L : 0L,
        int number => (long)number,
        string text => text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\u2400') : text, // the one character that its text cannot hold
        long or double or byte[] or Array => value,
        IEnumerable<string> texts => texts.ToArray(),
        IEnumerable<long> numbers => numbers.ToArray(),
        IEnumerable<int> numbers => numbers.Select(static number => (long)number).ToArray(),
        IEnumerable<float> numbers => numbers.ToArray(),
        _ => value,
    };

    private void Bind(object? parameters)
    {
        foreach (var (property, parameter) in _parameters)
        {
            parameter.Value = Plain(property.GetValue(parameters));
        }

        if (_ran && !_command.IsPrepared)
        {
            _command.Prepare();
        }

        _ran = true;
    }

    private Func<DbDataReader, T> Reader<T>(NpgsqlDataReader rows)
    {
        if (_reader is not Func<DbDataReader, T> reader)
        {
            _reader = reader = IsScalar(typeof(T)) ? static row => row.IsDBNull(0) ? default! : Scalar<T>(row.GetValue(0)) : rows.GetRowParser<T>();
        }

        return reader;
    }

    private static T Scalar<T>(object value) => value is T same ? same
        : (T)Convert.ChangeType(value, Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T), System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsScalar(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare.IsPrimitive || bare == typeof(string) || bare.IsArray;
    }

    // PostgreSQL takes a list as one array, so that the text, and with it the plan, stays the same however long the list is.
    [GeneratedRegex("""\b(?:(?<not>not)\s+)?in\s+(?<name>@\w+)""", RegexOptions.IgnoreCase)]
    private static partial Regex InList();
}
