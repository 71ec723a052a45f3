using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>Reads a database beside the process that owns it, or when none does: nothing is written, checkpointed or migrated.</summary>
public sealed class SqliteReading : IReading
{
    private readonly SqliteReaders _readers;

    private SqliteReading(SqliteReaders readers) => _readers = readers;

    /// <summary>Makes ready to read <paramref name="file"/>.</summary>
    /// <exception cref="FileNotFoundException">There is no database.</exception>
    public static SqliteReading Open(string file, TimeProvider time) => File.Exists(file)
        ? new(new SqliteReaders(() => SqliteDatabase.ConnectReader(file), new StoreClock(time)))
        : throw new FileNotFoundException($"'{Path.GetDirectoryName(file)}' holds no database.", file);

    public async Task<T> ReadAsync<T>(Func<IQuery, ValueTask<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await _readers.ReadAsync(work, cancellation).ConfigureAwait(false);
        }
        catch (SqliteException failure)
        {
            throw new StorageFailedException(failure);
        }
    }

    public async Task<IReadOnlyList<string>> FaultsAsync(CancellationToken cancellation) =>
        [.. (await ReadAsync(query => query.QueryAsync<string>("pragma integrity_check"), cancellation).ConfigureAwait(false)).Where(line => line != "ok")];

    public ValueTask DisposeAsync() => _readers.DisposeAsync();
}
