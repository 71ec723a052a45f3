using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Http;
using Pipeline.McpServer.Observing;
using Pipeline.Storage;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Serving;

/// <summary>The house behind the doors, from an owned data folder to the last background work's end.</summary>
public static class PipelineHost
{
    /// <summary>Opens the house on <paramref name="folder"/>; disposing the answer closes it.</summary>
    public static Task<Composition> OpenAsync(DataFolder folder, CancellationToken cancellation) => OpenAsync(folder, static _ => { }, cancellation);

    /// <summary>The same with services of the caller's own, which stand in for ours.</summary>
    public static async Task<Composition> OpenAsync(DataFolder folder, Action<IServiceCollection> configure, CancellationToken cancellation)
    {
        var telemetry = Telemetry.Start();
        var given = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning).AddFilter("ModelContextProtocol", LogLevel.Error).AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical).AddSimpleConsole(console => console.SingleLine = true))
            .Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .AddPipeline(folder);
        configure(given);
        var services = given.BuildServiceProvider();
        await Task.WhenAll(services.MigrateAsync(cancellation), ObjectStores.RequireAsync(services, cancellation)).ConfigureAwait(false);
        var works = ActivatorUtilities.CreateInstance<BackgroundWorks>(services);
        works.Start();
        var options = services.GetRequiredService<ServerOptionsFactory>();
        return new()
        {
            Servers = new(options.Make, services, services.GetRequiredService<ILoggerFactory>()),
            Changes = services.GetRequiredService<ChangeFeed>(),
            MaySee = (connection, uri, _) => ValueTask.FromResult(ResourceSight.MaySee(connection, uri)),
            MapRoutes = (routes, bearer) => routes.MapTransfers(
                services, request => bearer.Identify(request) is { } who ? new(who.PrincipalFor(null), who.Role, who.Workspaces, who.Egress, [], []) : null),
            StopWaiting = services.GetRequiredService<Patience>().End,
            HasWork = token => PendingAsync(services, token),
            Ready = async token => await services.GetRequiredService<IDatabase>().ReadAsync(query => query.FirstAsync<long>("select 1"), token).ConfigureAwait(false) == 1,
            Failed = services.GetRequiredService<IDatabase>().Stopped,
            Close = async () =>
            {
                await works.DisposeAsync().ConfigureAwait(false);
                await services.DisposeAsync().ConfigureAwait(false);
                telemetry?.Dispose();
            },
        };
    }

    private static async ValueTask<bool> PendingAsync(ServiceProvider services, CancellationToken cancellation)
    {
        foreach (var pending in services.GetServices<IPendingWork>())
        {
            if (await services.GetRequiredService<IDatabase>().ReadAsync(pending.AnyAsync, cancellation).ConfigureAwait(false))
            {
                return true;
            }
        }

        return false;
    }
}
