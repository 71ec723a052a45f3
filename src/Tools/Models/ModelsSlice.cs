using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Tools;

internal static class ModelsSlice
{
    public static IServiceCollection AddModels(this IServiceCollection services) => services
        .AddSingleton<Models.CatalogueBook>()
        .AddTool<Models.ListModels>()
        .AddTool<Models.RegisterModel>();
}
