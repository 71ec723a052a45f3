using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Generation;
using Pipeline.Tools.Generation.Commands;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Generation.Vendors;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools;

/// <summary>Makes the operator's vendors known.</summary>
public static class VendorsSlice
{
    /// <summary>Loads the operator's file and makes its providers known.</summary>
    /// <param name="services">Gets them.</param>
    /// <param name="named">A file that the operator named; it must be there. Null when none was named.</param>
    /// <param name="usual">Where the operator's file lies otherwise, if there is one.</param>
    /// <exception cref="InvalidProvidersError">The file is missing or cannot be used.</exception>
    public static IServiceCollection AddVendors(this IServiceCollection services, string? named, string usual) => services.AddVendors(OperatorProviders.Load(named, usual));

    /// <summary>One provider for each entry, and where vendors reach this server.</summary>
    /// <param name="services">Gets them.</param>
    /// <param name="providers">The operator's file.</param>
    public static IServiceCollection AddVendors(this IServiceCollection services, OperatorProviders providers)
    {
        services.AddSingleton(providers);
        foreach (var entry in providers.Entries.Where(static entry => entry.Dialect is not null))
        {
            services.AddSingleton<IProvider>(provider => new HttpProvider(
                entry, provider.GetRequiredService<EgressOptions>(), Environment.GetEnvironmentVariable, provider.GetRequiredService<TimeProvider>()));
        }

        foreach (var entry in providers.Entries.Where(static entry => entry.Command is not null))
        {
            services.AddSingleton<IProvider>(provider => new CommandProvider(
                entry.Name, CommandSpec.Read(entry.Command!.Value), provider.GetRequiredService<FfmpegOptions>(), provider.GetRequiredService<TimeProvider>()));
        }

        return services.Replace(ServiceDescriptor.Singleton(new GenerationOptions { PublicUrl = providers.PublicUrl }));
    }
}
