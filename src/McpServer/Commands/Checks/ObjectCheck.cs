using Pipeline.McpServer.Serving;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;

namespace Pipeline.McpServer.Commands.Checks;

/// <summary>Whether the store of bytes can be used, and what it lacks.</summary>
internal static class ObjectCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<Finding> RunAsync(DirectoryInfo scratch, CancellationToken cancellation)
    {
        const string Name = "object store";
        try
        {
            if (Settings.S3() is not { } options)
            {
                return new(Name, Standing.Ok, "files in the data folder (PIPELINE_S3_ENDPOINT)");
            }

            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            late.CancelAfter(Patience);
            using var store = new S3ObjectStore(options with { Retries = 1 }, scratch.FullName);
            var found = await store.Probe.RunAsync(late.Token).ConfigureAwait(false);
            return new(Name, found is { Multipart: true, Presigned: true } ? Standing.Ok : Standing.Note, $"{options}: {found}");
        }
        catch (InvalidDataException refused)
        {
            return new(Name, Standing.Missing, refused.Message);
        }
        catch (Exception failure) when (failure is StorageFailedException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return new(Name, Standing.Missing, "It cannot be reached: " + failure.Message, "Look at PIPELINE_S3_ENDPOINT, and whether the store runs.");
        }
    }
}
