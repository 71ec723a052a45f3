using Pipeline.Storage.State;

namespace Pipeline.Tools.Costs;

/// <summary>Tells which workspace a run belongs to. Declared here for reports; runs answer it.</summary>
public interface IRunDirectory
{
    ValueTask<string?> WorkspaceOfAsync(IQuery query, string runId);
}
