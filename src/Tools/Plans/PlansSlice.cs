using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Tools;

internal static class PlansSlice
{
    public static IServiceCollection AddPlans(this IServiceCollection services) => services
        .AddTool<Plans.CreatePlan>();
}
