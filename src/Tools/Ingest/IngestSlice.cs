using Microsoft.Extensions.DependencyInjection;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Ingest;

namespace Pipeline.Tools;

internal static class IngestSlice
{
    public static IServiceCollection AddIngest(this IServiceCollection services) => services
        .AddSingleton<ArrivalIndexer>()
        .AddSingleton<IEventSink, Arrivals>()
        .AddSingleton<IPendingWork, Arrivals>()
        .AddSingleton<IIndexState, ArrivalState>()
        .AddSingleton<IBackgroundWork, IngestWork>();
}
