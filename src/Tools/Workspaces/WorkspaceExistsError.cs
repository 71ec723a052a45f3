using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Workspaces;

/// <summary>The workspace exists with other settings.</summary>
public sealed class WorkspaceExistsError : ToolError
{
    public WorkspaceExistsError(WorkspaceRow existing) : base("already_exists",
        $"The workspace '{existing.Workspace}' exists with other settings. update_workspace changes them.")
    {
        Facts = WorkspaceResult.From(existing);
        Next = "update_workspace";
    }
}
