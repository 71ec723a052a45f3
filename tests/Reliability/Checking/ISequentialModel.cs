namespace Pipeline.Reliability.Checking;

/// <summary>What one object does when its calls come one after another.</summary>
public interface ISequentialModel<TState, TAction>
    where TState : class, IEquatable<TState>
{
    /// <summary>The state before the first call.</summary>
    TState Initial { get; }

    /// <summary>
    /// The state after <paramref name="operation"/>, or null when the object could not have answered so in <paramref name="state"/>. The same state
    /// (by value) means that the operation only observed. An open operation is asked for its effect; that it had none needs no step.
    /// </summary>
    TState? Apply(TState state, Operation<TAction> operation);

    /// <summary>
    /// Whether <paramref name="operation"/>, which returned, can be explained neither in <paramref name="state"/> nor in any that may follow it: an
    /// order that comes here without it need not be followed to that return.
    /// </summary>
    bool IsMissed(TState state, Operation<TAction> operation) => false;
}
