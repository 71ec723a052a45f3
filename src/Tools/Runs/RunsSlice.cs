using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools;

internal static class RunsSlice
{
    public static IServiceCollection AddRuns(this IServiceCollection services)
    {
        services.TryAddSingleton(new Runs.RunOptions());
        return services
            .AddSingleton<Runs.RunMemory>()
            .AddSingleton<Runs.RunBook>()
            .AddSingleton<Runs.RunShow>()
            .AddSingleton<Runs.SharedLooks>()
            .AddScoped<Runs.ClaimQueue>()
            .AddScoped<Runs.StepReports>()
            .AddSingleton<Calls.IClaimCheck, Runs.ClaimCheck>()
            .AddSingleton<Costs.IRunDirectory, Runs.RunDirectory>()
            .AddSingleton<Plans.IStepTimes, Runs.StepTimes>()
            .AddSingleton<IBackgroundWork, Runs.StepSweep>()
            .AddSingleton<Runs.Intermediates>()
            .AddSingleton<Assets.IExpiry>(provider => provider.GetRequiredService<Runs.Intermediates>())
            .AddSingleton<IBackgroundWork, Runs.IntermediateSweep>()
            .AddSingleton<IPendingWork, Runs.PendingSteps>()
            .AddSingleton<Costs.IDeliveredMedia, Runs.DeliveredMedia>()
            .AddTool<Runs.StartRun>()
            .AddTool<Runs.GetRun>()
            .AddTool<Runs.ClaimStep>()
            .AddTool<Runs.RenewStep>()
            .AddTool<Runs.CompleteStep>()
            .AddTool<Runs.FailStep>()
            .AddSingleton<Costs.ISpendApproval, Runs.SpendApproval>()
            .AddTool<Runs.ControlRun>()
            .AddTool<Runs.ApproveStep>()
            .AddTool<Runs.Metrics.ReportMetrics>();
    }
}
