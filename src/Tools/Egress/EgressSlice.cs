using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pipeline.Tools;

internal static class EgressSlice
{
    public static IServiceCollection AddEgress(this IServiceCollection services)
    {
        services.TryAddSingleton(_ => Egress.EgressOptions.From(Environment.GetEnvironmentVariable("PIPELINE_EGRESS_HOSTS")));
        return services.AddSingleton<Egress.GuardedHttp>();
    }
}
