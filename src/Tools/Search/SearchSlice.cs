using Microsoft.Extensions.DependencyInjection;
using Pipeline.Tools.Events;

namespace Pipeline.Tools;

internal static class SearchSlice
{
    public static IServiceCollection AddSearch(this IServiceCollection services) => services
        .AddScoped<Search.TranscriptSource>()
        .AddSingleton<Search.EntrySource>()
        .AddScoped<Search.HitFinder>()
        .AddSingleton<Assets.IIndexState, Search.IndexedState>()
        .AddSingleton<IEventSink, Search.DeletedAssets>()
        .AddTool<Search.IndexAsset>()
        .AddTool<Search.QueryIndex>();
}
