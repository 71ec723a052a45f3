using System.Data.Common;
using NpgsqlTypes;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Moving;

/// <summary>A column that is brought from one engine to the other, as the new one declares it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds.</param>
/// <param name="IsIdentity">Whether it is a key that grows by itself.</param>
internal sealed record CopiedColumn(string Name, NpgsqlDbType Type, bool IsIdentity)
{
    /// <exception cref="StorageFailedException">No table of ours has a column of such a type.</exception>
    public static CopiedColumn Of(string table, string name, string type, bool isIdentity) => new(name, type switch
    {
        "bigint" => NpgsqlDbType.Bigint,
        "text" => NpgsqlDbType.Text,
        "double precision" => NpgsqlDbType.Double,
        "bytea" => NpgsqlDbType.Bytea,
        _ => throw new StorageFailedException($"The column {table}.{name} is of a type that cannot be moved: {type}.", null, full: false),
    }, isIdentity);

    /// <summary>The value in a row of either engine.</summary>
    /// <exception cref="StorageFailedException">SQLite lets a column hold anything, and this row does.</exception>
    public object? Read(DbDataReader rows, int place, string table)
    {
        var value = rows.IsDBNull(place) ? null : rows.GetValue(place);
        return (Type, value) switch
        {
            (NpgsqlDbType.Text, string text) => text.Replace('\0', '\u2400'), // as every write does there: PostgreSQL's text cannot hold that one
            (_, null) or (NpgsqlDbType.Bigint, long) or (NpgsqlDbType.Double, double) or (NpgsqlDbType.Bytea, byte[]) => value,
            (NpgsqlDbType.Double, long whole) => (double)whole,
            _ => throw new StorageFailedException($"A row of {table} holds a {value.GetType().Name} in {Name}, which is to hold {Type}; the database may be damaged: run 'pipeline scrub'.", null, full: false),
        };
    }
}
