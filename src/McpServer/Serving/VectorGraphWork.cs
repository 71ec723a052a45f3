using Pipeline.Index;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Serving;

/// <summary>Gives workspaces that have grown a graph over their vectors. Every node looks, one builds; without PostgreSQL there is nothing to do.</summary>
internal sealed class VectorGraphWork(PostgresVectorGraphs? graphs, TimeProvider time) : IBackgroundWork
{
    private static readonly TimeSpan Beat = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (graphs is not null)
        {
            await graphs.TendAsync(cancellation).ConfigureAwait(false);
            await Task.Delay(Beat, time, cancellation).ConfigureAwait(false);
        }
    }
}
