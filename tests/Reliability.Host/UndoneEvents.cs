using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;

namespace Pipeline.Reliability.Host;

/// <summary>Fails every transaction in which an event of the kind <c>rig.undone</c> was appended, after all others have noted the event.</summary>
internal sealed class UndoneEvents : IEventSink
{
    public const string Kind = "rig.undone";

    public ValueTask OnAppendedAsync(ITransaction tx, Event happened) =>
        happened.Kind == Kind ? throw new InvalidArgumentError("event", "The rig undoes this.") : ValueTask.CompletedTask;
}
