using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;
using Pipeline.Agents.Workers;
using Pipeline.Agents.Workers.Crafts;

namespace Pipeline.Agents.Director;

/// <summary>
/// The director's own hands while a run goes on: it claims the steps in which takes are compared, as any worker claims a step, and gives
/// its verdict. Should it be killed in the middle, its claim runs out and the director that comes after it claims anew.
/// </summary>
internal sealed class TakeJudge(Connection connection, DirectorOptions options, ChatModel? model)
{
    /// <summary>Judges until asked to stop; a verdict in the making is finished.</summary>
    public Task RunAsync(CancellationToken stop)
    {
        var work = new WorkerOptions { Server = options.Server, Workspace = options.Workspace, Name = connection.Agent, Capabilities = CraftBook.Directors, Time = options.Time };
        return new Worker(connection, [new CompareCraft(model)], work).RunAsync(stop);
    }
}
