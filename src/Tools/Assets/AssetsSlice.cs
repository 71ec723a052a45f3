using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Tools;

internal static class AssetsSlice
{
    public static IServiceCollection AddAssets(this IServiceCollection services) => services
        .AddScoped<Assets.WriteGuard>()
        .AddScoped<Assets.AssetWriter>()
        .AddScoped<Assets.AssetReader>()
        .AddTool<Assets.ListAssets>()
        .AddTool<Assets.GetAsset>()
        .AddTool<Assets.PutAsset>()
        .AddTool<Assets.ReadAsset>()
        .AddTool<Assets.SetMetadata>()
        .AddTool<Assets.DeleteAsset>()
        .AddTool<Assets.RestoreAsset>();
}
