using Microsoft.Extensions.AI;
using Pipeline.Storage.State;

namespace Pipeline.Index.Tests;

/// <summary>A real SQLite file in a folder of its own.</summary>
public sealed class SqliteBackEnd : IndexBackEnd
{
    private readonly DirectoryInfo _folder;
    private readonly SqliteDatabase _database;

    private SqliteBackEnd(DirectoryInfo folder, SqliteDatabase database) => (_folder, _database) = (folder, database);

    public override IDatabase Database => _database;

    public static async Task<SqliteBackEnd> CreateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-index-");
        var database = SqliteDatabase.Open(Path.Combine(folder.FullName, "index.db"), TimeProvider.System);
        await database.MigrateAsync(SqliteSearchIndex.Tables, CancellationToken.None);
        return new SqliteBackEnd(folder, database);
    }

    public override ISearchIndex Open(IEmbeddingGenerator<string, Embedding<float>> generator) => new SqliteSearchIndex(_database, generator);

    public override async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
