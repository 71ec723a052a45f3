using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Storage.State;

/// <summary>Where a session landed: two stores in two schemas of one database share nothing, and a standby that was promoted has a history of its own.</summary>
/// <param name="Schema">The schema that holds the tables.</param>
/// <param name="History">The server's timeline: a transaction's id means something only within one.</param>
/// <param name="Life">Changes with each crash, after which the server gives ids again that it had given to transactions which were lost; not with a restart in order.</param>
internal sealed record PostgresPlace(string Schema, string History, string Life = "")
{
    // A crash, and nothing else in the server's own life, makes it forget its statistics.
    public const string Sql = """
        select current_schema()::text, case when pg_is_in_recovery() then null else left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) end,
          (select stats_reset::text from pg_stat_bgwriter)
        """;

    /// <summary>The advisory lock that every transaction holds: shared with a scope, alone without.</summary>
    public long Whole => Key("whole", "");

    /// <summary>The channel of this store's wake-ups.</summary>
    public string Channel => "pipeline_" + Key("channel", "").ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The advisory lock of a scope. Two scopes that share a number wait for each other, nothing worse.</summary>
    public long Scope(string name) => Key("scope", name);

    /// <summary>The advisory lock that a node holds while it lives.</summary>
    public long Node(string node) => Key("node", node);

    public static PostgresPlace Read(DbDataReader rows)
    {
        rows.Read();
        return rows.IsDBNull(1)
            ? throw new StorageFailedException("The database is a standby that cannot be written; name the primary, or all of its hosts.", null, full: false) { RetryAfterSeconds = 5 }
            : new(rows.IsDBNull(0) ? "" : rows.GetString(0), rows.GetString(1), rows.IsDBNull(2) ? "" : rows.GetString(2));
    }

    private long Key(string kind, string name) => BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"pipeline\0{Schema}\0{kind}\0{name}")));
}
