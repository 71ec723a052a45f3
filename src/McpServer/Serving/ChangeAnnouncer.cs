using Pipeline.McpServer.Connections;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.McpServer.Serving;

/// <summary>Turns committed events into notices for clients that listen for changes of resources.</summary>
internal sealed class ChangeAnnouncer(IDatabase database, ChangeFeed changes) : IBackgroundWork
{
    private const int Page = 200;

    public async Task RunAsync(CancellationToken cancellation)
    {
        var cursor = await database.ReadAsync(EventsTable.NewestAsync, cancellation).ConfigureAwait(false);
        while (true)
        {
            var news = database.Signals.Ticket(EventsTable.AnyChannel);
            var events = changes.Listeners == 0
                ? []
                : await database.ReadAsync(query => EventsTable.AllAfterAsync(query, cursor, Page), cancellation).ConfigureAwait(false);
            foreach (var happened in events)
            {
                Announce(happened);
                cursor = happened.Cursor;
            }

            if (events.Count < Page)
            {
                await news.WaitAsync(cancellation).ConfigureAwait(false);
                cursor = changes.Listeners == 0 ? await database.ReadAsync(EventsTable.NewestAsync, cancellation).ConfigureAwait(false) : cursor;
            }
        }
    }

    private void Announce(Event happened)
    {
        if (happened.Subject is not { } subject)
        {
            return;
        }

        if (happened.Kind is "asset.written" or "asset.deleted" or "asset.metadata")
        {
            // A client may have written the address either way.
            changes.Publish(new(ChangeKind.Resource, "asset://" + subject));
            changes.Publish(new(ChangeKind.Resource, "asset://" + string.Join('/', subject.Split('/').Select(Uri.EscapeDataString))));
            changes.Publish(new(ChangeKind.ResourceList));
        }
        else if (happened.Kind.StartsWith("run.", StringComparison.Ordinal) || happened.Kind.StartsWith("step.", StringComparison.Ordinal))
        {
            changes.Publish(new(ChangeKind.Resource, "run://" + subject));
        }
    }
}
