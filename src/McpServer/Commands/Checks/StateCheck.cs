using System.Data.Common;
using System.Net.Sockets;
using Pipeline.Index;
using Pipeline.McpServer.Serving;

namespace Pipeline.McpServer.Commands.Checks;

/// <summary>Whether the store of state can be used. It only looks.</summary>
internal static class StateCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<Finding> RunAsync(CancellationToken cancellation)
    {
        const string Name = "state store";
        if (Settings.Postgres() is not { } options)
        {
            return new(Name, Standing.Ok, "a file in the data folder (PIPELINE_POSTGRES)");
        }

        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Patience);
        try
        {
            var found = await PostgresVectorExtension.LookAsync(options.ConnectionString, late.Token).ConfigureAwait(false);
            return new(Name, found.Problem is null ? Standing.Ok : Standing.Missing,
                $"PostgreSQL {found.Server} at {found.Place}, " + (found.Vector is { } version ? $"pgvector {version}" : "pgvector not created yet"), found.Problem);
        }
        catch (ArgumentException)
        {
            return new(Name, Standing.Missing, "PIPELINE_POSTGRES is no connection string.", "It reads: Host=db.example;Port=5432;Username=pipeline;Password=...;Database=pipeline");
        }
        catch (Exception failure) when (failure is DbException or SocketException or TimeoutException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new(Name, Standing.Missing, "It cannot be reached: " + failure.Message, "Look at PIPELINE_POSTGRES, and whether the server runs.");
        }
    }
}
