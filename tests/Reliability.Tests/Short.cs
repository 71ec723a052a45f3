using Pipeline.Reliability.Reporting;

// Each workload has a server and clients of its own, and a machine of two cores has no more to give than one of them at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Pipeline.Reliability.Tests;

/// <summary>Runs a workload in short.</summary>
internal static class Short
{
    public static async Task<Verdict> RunAsync(string workload, int seed, int count, string? leaveOut = null)
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-rig-");
        try
        {
            return await Workloads.Find(workload).RunAsync(new(folder.FullName, seed, count, leaveOut), CancellationToken.None);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
