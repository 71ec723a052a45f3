using Pipeline.Storage.State;

namespace Pipeline.Tools.Events;

/// <summary>A later slice that must note an event in the same transaction as its cause: webhooks, ingest, triggers.</summary>
public interface IEventSink
{
    ValueTask OnAppendedAsync(ITransaction tx, Event happened);
}
