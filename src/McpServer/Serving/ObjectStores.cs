using Pipeline.Storage;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;

namespace Pipeline.McpServer.Serving;

/// <summary>Where bytes live: in a bucket when the settings name one, else in the data folder.</summary>
public static partial class ObjectStores
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The store that the settings name.</summary>
    public static IServiceCollection AddObjects(this IServiceCollection services, DataFolder folder) => Settings.S3() is { } options
        ? services.AddS3Objects(options, folder)
        : services
            .AddSingleton(provider => new FileObjectStore(folder.Root, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<IObjectStore>(provider => provider.GetRequiredService<FileObjectStore>())
            .AddSingleton<IObjectKeep>(provider => provider.GetRequiredService<FileObjectStore>());

    /// <summary>A bucket; what was registered before is not asked any more.</summary>
    public static IServiceCollection AddS3Objects(this IServiceCollection services, S3Options options, DataFolder folder) => services
        .AddSingleton(provider => new S3ObjectStore(options, folder.Root, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IObjectStore>(provider => provider.GetRequiredService<S3ObjectStore>())
        .AddSingleton<IObjectKeep>(provider => provider.GetRequiredService<S3ObjectStore>())
        .AddSingleton<IPresigns>(provider => provider.GetRequiredService<S3ObjectStore>().Staging);

    /// <summary>The care of the configured store for a command that owns no house; it may run beside the owner.</summary>
    internal static IObjectKeep Keep(string dataFolder) => Settings.S3() is { } options ? new S3ObjectStore(options, dataFolder) : new FileObjectStore(dataFolder);

    /// <summary>
    /// Looks whether the store can be used, and says what it lacks. One that cannot be reached now may be later: that is said and not refused.
    /// </summary>
    /// <exception cref="InvalidDataException">It refuses us, or lacks what nothing goes without.</exception>
    internal static async Task RequireAsync(IServiceProvider services, CancellationToken cancellation)
    {
        if (services.GetService<S3ObjectStore>() is not { } store)
        {
            return;
        }

        var log = services.GetRequiredService<ILoggerFactory>().CreateLogger("Pipeline.Objects");
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Patience);
        try
        {
            var found = await store.Probe.RunAsync(late.Token).ConfigureAwait(false);
            if (found.Lacks.Count > 0)
            {
                LogFound(log, store.Probe.Store, found.ToString());
            }
        }
        catch (Exception failure) when (failure is StorageFailedException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogUnreachable(log, store.Probe.Store);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Objects are kept in {Store}: {Abilities}")]
    private static partial void LogFound(ILogger log, string store, string abilities);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The object store ({Store}) cannot be reached yet; calls that need it fail until it can")]
    private static partial void LogUnreachable(ILogger log, string store);
}
