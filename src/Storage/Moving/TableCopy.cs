using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Moving;

/// <summary>Brings one table's rows from SQLite to PostgreSQL, column by column, and reads them back.</summary>
internal sealed class TableCopy
{
    // What these hold was given to someone, who compares it with what comes later.
    private static readonly HashSet<string> Growing = ["token", "sequence", "cursor", "version", "generation", "revision", "ticket"];

    private readonly string _table;
    private readonly CopiedColumn[] _columns;
    private readonly string _select;

    private TableCopy(string table, CopiedColumn[] columns)
    {
        (_table, _columns) = (table, columns);
        _select = $"select {Names} from \"{table}\"";
    }

    private string Names => string.Join(", ", _columns.Select(column => $"\"{column.Name}\""));

    /// <summary>Looks at both sides' columns.</summary>
    /// <exception cref="StorageFailedException">They are not the same.</exception>
    public static TableCopy Plan(string table, HouseSource source, PostgresConnection target)
    {
        var there = new List<CopiedColumn>();
        using (var command = new NpgsqlCommand(
            "select column_name::text, data_type::text, is_identity::text from information_schema.columns where table_schema=current_schema() and table_name=@table order by column_name", target.Driver))
        {
            command.Parameters.AddWithValue("table", table);
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                there.Add(CopiedColumn.Of(table, rows.GetString(0), rows.GetString(1), rows.GetString(2) == "YES"));
            }
        }

        var here = source.Columns(table);
        return here.Order(StringComparer.Ordinal).SequenceEqual(there.Select(column => column.Name).Order(StringComparer.Ordinal)) ? new(table, [.. there])
            : throw new StorageFailedException(
                $"The table {table} is not the same on both sides ({string.Join(", ", here.Order(StringComparer.Ordinal))}; there: {string.Join(", ", there.Select(column => column.Name))}). Start this version of the program once on the old folder, then move.",
                null, full: false);
    }

    /// <summary>Copies all rows and says what they were and what arrived.</summary>
    public TableCheck Run(HouseSource source, PostgresConnection target, CancellationToken cancellation)
    {
        var (here, there) = (new Seen(_columns), new Seen(_columns));
        using (var command = source.Driver.CreateCommand())
        {
            command.CommandText = _select;
            using var rows = command.ExecuteReader();
            using var into = target.Driver.BeginBinaryImport($"copy \"{_table}\" ({Names}) from stdin (format binary)");
            while (rows.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                here.Add(Read(rows));
                Write(into, here.Row);
            }

            into.Complete();
        }

        Continue(source, target, here);
        using (var command = new NpgsqlCommand(_select, target.Driver))
        {
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                cancellation.ThrowIfCancellationRequested();
                there.Add(Read(rows));
            }
        }

        GrowingColumn[] highest = [.. _columns.Index().Where(column => column.Item.Type == NpgsqlDbType.Bigint && (Growing.Contains(column.Item.Name) || column.Item.IsIdentity))
            .Select(column => Highest(source, target, column.Item, here.Highest[column.Index], there.Highest[column.Index]))];
        return new(_table, here.Sum.Rows, there.Sum.Rows, here.Sum.Text, there.Sum.Text, highest);
    }

    private GrowingColumn Highest(HouseSource source, PostgresConnection target, CopiedColumn column, long here, long there) => column.IsIdentity
        ? new(column.Name, Math.Max(here, source.Sequence(_table)), target.First<long>($"select coalesce(pg_sequence_last_value(pg_get_serial_sequence('{_table}', '{column.Name}')::regclass), 0)"))
        : new(column.Name, here, there);

    // Numbers that were handed out and whose rows are gone are not handed out again either.
    private void Continue(HouseSource source, PostgresConnection target, Seen here)
    {
        foreach (var (place, column) in _columns.Index().Where(column => column.Item.IsIdentity))
        {
            if (Math.Max(here.Highest[place], source.Sequence(_table)) is > 0 and var last)
            {
                target.First<long>($"select setval(pg_get_serial_sequence('{_table}', '{column.Name}'), @last)", new { last });
            }
        }
    }

    private object?[] Read(DbDataReader rows)
    {
        var row = new object?[_columns.Length];
        for (var place = 0; place < row.Length; place++)
        {
            row[place] = _columns[place].Read(rows, place, _table);
        }

        return row;
    }

    private void Write(NpgsqlBinaryImporter into, object?[] row)
    {
        into.StartRow();
        for (var place = 0; place < row.Length; place++)
        {
            switch (row[place])
            {
                case null:
                    into.WriteNull();
                    break;
                case long number:
                    into.Write(number, NpgsqlDbType.Bigint);
                    break;
                case double number:
                    into.Write(number, NpgsqlDbType.Double);
                    break;
                case byte[] bytes:
                    into.Write(bytes, NpgsqlDbType.Bytea);
                    break;
                case string text:
                    into.Write(text, NpgsqlDbType.Text);
                    break;
                default:
                    throw new ArgumentException($"{_table}.{_columns[place].Name} holds no such value.", nameof(row));
            }
        }
    }

    /// <summary>What was seen of one side's rows.</summary>
    private sealed class Seen(CopiedColumn[] columns)
    {
        public RowSum Sum { get; } = new();

        public long[] Highest { get; } = new long[columns.Length];

        public object?[] Row { get; private set; } = [];

        public void Add(object?[] row)
        {
            Row = row;
            Sum.Add(row);
            for (var place = 0; place < row.Length; place++)
            {
                Highest[place] = row[place] is long number ? Math.Max(Highest[place], number) : Highest[place];
            }
        }
    }
}
