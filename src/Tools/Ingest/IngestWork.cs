using Microsoft.Extensions.Logging;
using Pipeline.Index.Embeddings;
using Pipeline.Index.Transcripts;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Ingest;

/// <summary>Indexes arrivals one after another, beside the calls. What cannot be indexed is given up with its reason, which get_asset shows.</summary>
internal sealed partial class IngestWork(IDatabase database, ArrivalIndexer indexer, TimeProvider time, ILogger<IngestWork> log) : IBackgroundWork
{
    private const int Batch = 16;
    private const int MaxAttempts = 5;
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var news = database.Signals.Ticket(ArrivalsTable.Channel);
            var due = await database.ReadAsync(ArrivalsTable.NextDueAsync, cancellation).ConfigureAwait(false);
            var now = await database.ReadAsync(query => ValueTask.FromResult(query.NowMs), cancellation).ConfigureAwait(false);
            if (due is null || due > now)
            {
                var rest = due is { } later ? TimeSpan.FromMilliseconds(later - now) : LongestRest;
                await Signals.WaitAsync(news, rest < LongestRest ? rest : LongestRest, time, cancellation).ConfigureAwait(false);
                continue;
            }

            foreach (var arrival in await database.TransactAsync(Scopes.Arrivals, tx => ArrivalsTable.TakeAsync(tx, database.Dialect, Batch), cancellation).ConfigureAwait(false))
            {
                await IndexAsync(arrival, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task IndexAsync(ArrivalRow arrival, CancellationToken cancellation)
    {
        try
        {
            await indexer.IndexAsync(arrival, cancellation).ConfigureAwait(false);
            await database.TransactAsync(arrival.Workspace, tx => ArrivalsTable.DoneAsync(tx, arrival), cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is ToolError or TranscriptException)
        {
            await database.TransactAsync(arrival.Workspace, tx => ArrivalsTable.GiveUpAsync(tx, arrival, fault.Message), cancellation).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is EmbeddingFailedException or IOException && arrival.Attempts < MaxAttempts)
        {
            LogLater(log, arrival.Workspace, arrival.Path, fault.Message);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogGivenUp(log, arrival.Workspace, arrival.Path, fault);
            await database.TransactAsync(arrival.Workspace, tx => ArrivalsTable.GiveUpAsync(tx, arrival, $"It could not be indexed ({fault.GetType().Name})."), cancellation).ConfigureAwait(false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Workspace}/{Path} is indexed later: {Reason}")]
    private static partial void LogLater(ILogger log, string workspace, string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Workspace}/{Path} could not be indexed")]
    private static partial void LogGivenUp(ILogger log, string workspace, string path, Exception fault);
}
