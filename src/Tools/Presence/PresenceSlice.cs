using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Tools;

internal static class PresenceSlice
{
    public static IServiceCollection AddPresence(this IServiceCollection services) => services
        .AddTool<Presence.ResumeAgent>();
}
