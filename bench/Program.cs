using System.CommandLine;
using Pipeline.Bench.Verbs;

// Measured comparisons, one file each in Verbs/.
return await new RootCommand("Measured comparisons, side by side in one run") { LocksBench.Create(), RunsBench.Create(), SearchBench.Create(), ChaosBench.Create(), BytesBench.Create(), RouteBench.Create(), EstimatesBench.Create() }.Parse(args).InvokeAsync();
