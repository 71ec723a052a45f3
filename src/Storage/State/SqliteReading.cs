using Microsoft.Data.Sqlite;

namespace Pipeline.Storage.State;

/// <summary>Reads a database beside the process that owns it, or when none does: nothing is written, checkpointed or migrated.</summary>
public sealed class SqliteReading : IAsyncDisposable
{
    private readonly SqliteReaders _readers;

    private SqliteReading(SqliteReaders readers) => _readers = readers;

    /// <summary>Makes ready to read <paramref name="file"/>.</summary>
    /// <exception cref="FileNotFoundException">There is no database.</exception>
    public static SqliteReading Open(string file, TimeProvider time) => File.Exists(file)
        ? new(new SqliteReaders(() => SqliteDatabase.ConnectReader(file), new StoreClock(time)))
        : throw new FileNotFoundException($"'{Path.GetDirectoryName(file)}' holds no database.", file);

    /// <summary>Runs <paramref name="work"/> against one consistent snapshot.</summary>
    /// <exception cref="StorageFailedException">The database cannot be read.</exception>
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

    public ValueTask DisposeAsync() => _readers.DisposeAsync();
}
