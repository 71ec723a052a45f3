using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Tools;

internal static class CostsSlice
{
    public static IServiceCollection AddCosts(this IServiceCollection services) => services
        .AddSingleton<Costs.Purse>()
        .AddTool<Costs.SetBudget>()
        .AddTool<Costs.ReportCosts>();
}
