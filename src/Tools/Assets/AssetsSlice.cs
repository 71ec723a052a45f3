using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pipeline.Tools;

internal static class AssetsSlice
{
    public static IServiceCollection AddAssets(this IServiceCollection services)
    {
        services.TryAddSingleton(new Assets.ImportOptions());
        services.TryAddSingleton<Assets.Shares.ShareResolver>(Assets.Shares.ShareLink.Resolve);
        return services
            .AddScoped<Assets.WriteGuard>()
            .AddScoped<Assets.AssetWriter>()
            .AddScoped<Assets.AssetReader>()
            .AddTool<Assets.ListAssets>()
            .AddTool<Assets.GetAsset>()
            .AddTool<Assets.PutAsset>()
            .AddTool<Assets.ReadAsset>()
            .AddTool<Assets.SetMetadata>()
            .AddTool<Assets.DeleteAsset>()
            .AddTool<Assets.RestoreAsset>()
            .AddSingleton<Assets.LocalImport>()
            .AddSingleton<Assets.Downloads>()
            .AddSingleton<Assets.Redirects>()
            .AddSingleton<Assets.UrlImport>()
            .AddSingleton<Contract.IBackgroundWork, Assets.PartialSweep>()
            .AddSingleton<Assets.LocalExport>()
            .AddTool<Assets.ImportAsset>()
            .AddTool<Assets.ExportAsset>()
            .AddSingleton<Assets.UploadFiles>()
            .AddScoped<Assets.Uploads>()
            .AddSingleton<Assets.DownloadLinks>()
            .AddTool<Assets.CreateUpload>()
            .AddSingleton<Assets.StagedUploads>()
            .AddSingleton<Contract.IBackgroundWork>(provider => provider.GetRequiredService<Assets.StagedUploads>())
            .AddSingleton<Assets.ObjectSweep>()
            .AddSingleton<Contract.IBackgroundWork, Assets.ObjectSweepWork>()
            .AddTool<Assets.CollectGarbage>();
    }
}
