using Pipeline.Storage.State;

namespace Pipeline.Tools.Contract;

/// <summary>Tells whether something is left to do without any client: while there is, an owner in the background stays.</summary>
public interface IPendingWork
{
    ValueTask<bool> AnyAsync(IQuery query);
}
