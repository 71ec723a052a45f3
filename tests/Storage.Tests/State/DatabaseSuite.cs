using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>One back end under test. A suite derives from this, and each back end derives from the suite.</summary>
public abstract class DatabaseSuite : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The folder that belongs to this test.</summary>
    protected string Folder => _folder.Root;

    public void Dispose()
    {
        Close();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the same store again and again, without any table.</summary>
    protected abstract Task<IDatabase> OpenEmptyAsync(TimeProvider time);

    /// <summary>Takes away what the back end made outside the folder.</summary>
    protected virtual void Close()
    {
    }

    /// <summary>Opens the store with <see cref="Rows"/> in it.</summary>
    protected async Task<IDatabase> OpenAsync(TimeProvider? time = null)
    {
        var database = await OpenEmptyAsync(time ?? TimeProvider.System);
        await database.MigrateAsync([Rows.Schema], CancellationToken.None);
        return database;
    }
}
