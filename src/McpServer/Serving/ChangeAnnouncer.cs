using Pipeline.McpServer.Connections;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.McpServer.Serving;

/// <summary>Turns committed events into notices for clients that listen for changes of resources.</summary>
internal sealed class ChangeAnnouncer(IDatabase database, ChangeFeed changes, TimeProvider time) : IBackgroundWork
{
    private const int Page = 200;

    // Workspaces commit side by side: an event may come to light after one with a later number. Those announced twice are not.
    private const int Overlap = 200;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    private readonly Queue<long> _announced = new(Overlap + Page);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var cursor = await database.ReadAsync(EventsTable.NewestAsync, cancellation).ConfigureAwait(false);
        while (true)
        {
            var news = database.Signals.Ticket(EventsTable.AnyChannel);
            var events = changes.Listeners == 0
                ? []
                : await database.ReadAsync(query => EventsTable.AllAfterAsync(query, cursor - Overlap, Overlap + Page), cancellation).ConfigureAwait(false);
            foreach (var happened in events.Where(happened => !_announced.Contains(happened.Cursor)))
            {
                Announce(happened);
                Remember(happened.Cursor);
                cursor = Math.Max(cursor, happened.Cursor);
            }

            if (events.Count < Overlap + Page)
            {
                await Signals.WaitAsync(news, Beat, time, cancellation).ConfigureAwait(false);
                cursor = changes.Listeners == 0 ? await database.ReadAsync(EventsTable.NewestAsync, cancellation).ConfigureAwait(false) : cursor;
            }
        }
    }

    private void Remember(long cursor)
    {
        _announced.Enqueue(cursor);
        if (_announced.Count > Overlap + Page)
        {
            _announced.Dequeue();
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
