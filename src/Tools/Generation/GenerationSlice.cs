using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools;

internal static class GenerationSlice
{
    public static IServiceCollection AddGeneration(this IServiceCollection services)
    {
        services.TryAddSingleton(new Generation.GenerationOptions());
        return services
            .AddSingleton<IProvider, Generation.Local.LocalProvider>()
            .AddSingleton<Generation.ProviderDirectory>()
            .AddSingleton<Models.IProviderRoll>(provider => provider.GetRequiredService<Generation.ProviderDirectory>())
            .AddSingleton<Routing.ICallCounter, Generation.JobCalls>()
            .AddSingleton<Generation.JobBook>()
            .AddSingleton<Generation.JobDelivery>()
            .AddSingleton<Generation.JobReferences>()
            .AddSingleton<Generation.JobAttempt>()
            .AddSingleton<Generation.VendorHooks>()
            .AddScoped<Generation.RecordingLength>()
            .AddScoped<Generation.Commissioning>()
            .AddScoped<Generation.JobDesk>()
            .AddSingleton<Events.IEventSink, Generation.JobSink>()
            .AddSingleton<IBackgroundWork, Generation.JobWork>()
            .AddSingleton<IBackgroundWork, Generation.JobSweep>()
            .AddSingleton<IPendingWork, Generation.JobsPending>()
            .AddTool<Generation.GenerateMedia>()
            .AddTool<Generation.ListJobs>()
            .AddTool<Generation.ResolveJob>();
    }
}
