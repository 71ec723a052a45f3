using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Tools;

internal static class CostsSlice
{
    public static IServiceCollection AddCosts(this IServiceCollection services) => services
        .AddTool<Costs.ReportCosts>();
}
