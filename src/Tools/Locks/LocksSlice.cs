using Microsoft.Extensions.DependencyInjection;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools;

internal static class LocksSlice
{
    public static IServiceCollection AddLocks(this IServiceCollection services) => services
        .AddSingleton<Locks.LockBook>()
        .AddScoped<Locks.LockGrants>()
        .AddScoped<Locks.LockQueue>()
        .AddSingleton<IBackgroundWork, Locks.LockSweep>()
        .AddSingleton<IBackgroundWork, Locks.GoneWaiters>()
        .AddTool<Locks.AcquireLock>()
        .AddTool<Locks.RenewLock>()
        .AddTool<Locks.ReleaseLock>()
        .AddTool<Locks.ListLocks>()
        .AddTool<Locks.BreakLock>();
}
