using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Tools;

internal static class RoutingSlice
{
    public static IServiceCollection AddRouting(this IServiceCollection services) => services
        .AddSingleton<Runs.IDecisionBook, Routing.DecisionBook>()
        .AddSingleton<Routing.Pools>()
        .AddSingleton<Routing.StepRouting>()
        .AddTool<Routing.RouteStep>()
        .AddTool<Routing.SetTraffic>();
}
