using Microsoft.Extensions.DependencyInjection;

namespace Pipeline.Tools;

internal static class WorkspacesSlice
{
    public static IServiceCollection AddWorkspaces(this IServiceCollection services) => services
        .AddTool<Workspaces.CreateWorkspace>()
        .AddTool<Workspaces.UpdateWorkspace>()
        .AddTool<Workspaces.ListWorkspaces>()
        .AddTool<Workspaces.WaitEvents>()
        .AddTool<Workspaces.ReadAudit>()
        .AddTool<Workspaces.TransferOwnership>();
}
