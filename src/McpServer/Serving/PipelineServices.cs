using Pipeline.Index;
using Pipeline.Index.Embeddings;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Moving;
using Pipeline.McpServer.Observing;
using Pipeline.Storage;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Models;

namespace Pipeline.McpServer.Serving;

/// <summary>Everything that an owner of a data folder is made of.</summary>
public static class PipelineServices
{
    /// <summary>Storage, slices and doors on <paramref name="folder"/>, which the caller owns.</summary>
    public static IServiceCollection AddPipeline(this IServiceCollection services, DataFolder folder) => services
        .AddSingleton(TimeProvider.System)
        .AddSingleton(folder)
        .AddSingleton<IDatabase>(provider =>
            Settings.Postgres() is { } postgres ? PostgresDatabase.Open(postgres) : SqliteDatabase.Open(folder.DatabaseFile, provider.GetRequiredService<TimeProvider>()))
        .AddObjects(folder)
        .AddSingleton(_ => EmbeddingGenerators.Create(Settings.Embeddings()))
        .AddSingleton<ISearchIndex>(provider => IsPostgres(provider)
            ? ActivatorUtilities.CreateInstance<PostgresSearchIndex>(provider) : ActivatorUtilities.CreateInstance<SqliteSearchIndex>(provider))
        .AddSingleton(_ => OperatorCatalogue.Load(Settings.Read("PIPELINE_MODELS"), Path.Combine(folder.Root, "models.json")))
        .AddVendors(Settings.Read("PIPELINE_PROVIDERS"), Path.Combine(folder.Root, "providers.json"))
        .AddSingleton(Settings.Runs())
        .AddToolbox()
        .AddSingleton<ToolShelf>()
        .AddSingleton<ChangeFeed>()
        .AddSingleton<IBackgroundWork, ChangeAnnouncer>()
        .AddSingleton<IBackgroundWork, Backlog>()
        .AddSingleton<IBackgroundWork>(provider => new VectorGraphWork(
            Settings.Postgres() is { } postgres ? new(postgres.ConnectionString) : null, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<ServerOptionsFactory>();

    /// <summary>Brings the state store to the shape that this build knows.</summary>
    /// <exception cref="InvalidDataException">The house has moved elsewhere.</exception>
    public static Task MigrateAsync(this IServiceProvider services, CancellationToken cancellation)
    {
        MovedMark.Require(services.GetRequiredService<DataFolder>(), services.GetRequiredService<IDatabase>(), services.GetRequiredService<IObjectStore>());
        return services.GetRequiredService<IDatabase>().MigrateAsync(
            [.. Toolbox.Tables, .. IsPostgres(services) ? PostgresSearchIndex.Tables : SqliteSearchIndex.Tables], cancellation);
    }

    private static bool IsPostgres(IServiceProvider services) => services.GetRequiredService<IDatabase>().Dialect == Storage.State.Dialect.Postgres;
}
