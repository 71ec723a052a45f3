using Pipeline.Storage;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Ingest;
using Pipeline.Tools.Runs;
using Pipeline.Tools.Webhooks;

namespace Pipeline.McpServer.Observing;

/// <summary>What waits, counted now and then for whoever watches: a number that grows means too few workers, slow receivers or a slow index.</summary>
internal sealed class Backlog : IBackgroundWork
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private readonly IDatabase _database;
    private readonly TimeProvider _time;
    private long _steps;
    private long _deliveries;
    private long _arrivals;

    public Backlog(IDatabase database, TimeProvider time)
    {
        (_database, _time) = (database, time);
        Tracing.Meter.CreateObservableGauge("pipeline.steps.ready", () => Volatile.Read(ref _steps), "{step}", "Steps that wait for a worker");
        Tracing.Meter.CreateObservableGauge("pipeline.webhook.due", () => Volatile.Read(ref _deliveries), "{delivery}", "Deliveries that are due and not under way");
        Tracing.Meter.CreateObservableGauge("pipeline.index.due", () => Volatile.Read(ref _arrivals), "{version}", "Versions that are to be indexed");
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (Telemetry.IsWanted)
        {
            var (steps, deliveries, arrivals) = await _database.ReadAsync(
                async query => (
                    await StepsTable.CountReadyAsync(query).ConfigureAwait(false),
                    await DeliveriesTable.CountDueAsync(query).ConfigureAwait(false),
                    await ArrivalsTable.CountDueAsync(query).ConfigureAwait(false)),
                cancellation).ConfigureAwait(false);
            Volatile.Write(ref _steps, steps);
            Volatile.Write(ref _deliveries, deliveries);
            Volatile.Write(ref _arrivals, arrivals);
            await Task.Delay(Every, _time, cancellation).ConfigureAwait(false);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellation).ConfigureAwait(false);
    }
}
