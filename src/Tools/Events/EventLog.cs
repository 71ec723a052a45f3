using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Events;

/// <summary>Tells a workspace what happened, in the transaction in which it happens.</summary>
public sealed class EventLog(IEnumerable<IEventSink> sinks)
{
    private readonly IEventSink[] _sinks = [.. sinks];

    /// <summary>Appends an event, lets every sink note it, and wakes whoever waits for news of the workspace after the commit.</summary>
    /// <param name="tx">The transaction of the cause.</param>
    /// <param name="workspace">Where it happened.</param>
    /// <param name="kind">Dotted name, such as <c>asset.written</c>.</param>
    /// <param name="subject">What it happened to.</param>
    /// <param name="data">Serialised as a JSON object; never a secret.</param>
    public async ValueTask<Event> AppendAsync(ITransaction tx, string workspace, string kind, string? subject, object data)
    {
        var happened = new Event { AtMs = tx.NowMs, Workspace = workspace, Kind = kind, Subject = subject, Data = Wire.Write(data) };
        happened = happened with { Cursor = await EventsTable.InsertAsync(tx, happened).ConfigureAwait(false) };
        foreach (var sink in _sinks)
        {
            await sink.OnAppendedAsync(tx, happened).ConfigureAwait(false);
        }

        tx.Notify(EventsTable.Channel(workspace));
        tx.Notify(EventsTable.AnyChannel);
        return happened;
    }
}
