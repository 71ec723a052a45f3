namespace Pipeline.Reliability.Checking;

/// <summary>
/// Looks for an order of a concurrent history that a sequential object explains. The search is that of Wing and Gong (1993), made just in time
/// after Lowe (2017): operations are put in order only when one of them must return, a position (how far, which state, which of those in flight
/// have taken effect) is looked at once, and keys are checked apart, because a history is linearizable when each object's is (Herlihy and Wing
/// 1990). An operation that only observes takes effect as soon as it can: doing it later could not allow more.
/// </summary>
/// <param name="model">The object.</param>
/// <param name="time">Measures the budget.</param>
/// <param name="budget">How long one key may take.</param>
/// <param name="mostConfigurations">How many positions one key may remember.</param>
public sealed class LinearizabilityChecker<TState, TAction>(
    ISequentialModel<TState, TAction> model, TimeProvider time, TimeSpan budget, int mostConfigurations = 4_000_000)
    where TState : class, IEquatable<TState>
{
    /// <summary>One verdict a key, keys in order.</summary>
    public IReadOnlyList<KeyVerdict> Check(IEnumerable<Operation<TAction>> history) =>
        [.. history.GroupBy(operation => operation.Key).OrderBy(key => key.Key, StringComparer.Ordinal).Select(key => CheckKey(key.Key, [.. key]))];

    private KeyVerdict CheckKey(string key, IReadOnlyList<Operation<TAction>> history)
    {
        var began = time.GetTimestamp();
        var search = new OrderSearch<TState, TAction>(model, new(history));
        var finding = search.Run(() => search.Configurations < mostConfigurations && time.GetElapsedTime(began) < budget);
        return new(
            key, finding, history.Count, search.Furthest(), finding == Finding.Ok ? null : search.StuckOn, search.FurthestState, search.Configurations,
            time.GetElapsedTime(began));
    }
}
