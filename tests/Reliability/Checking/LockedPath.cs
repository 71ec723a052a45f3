using System.Collections.Immutable;

namespace Pipeline.Reliability.Checking;

/// <summary>
/// The promise about one path as a sequential object: a lock with leases and fencing tokens around a versioned register.
/// A lease may end at any moment after its length has passed on the server's clock, which the recorder cannot see: it began no earlier than the
/// call that granted it and no later than the answer. The model therefore drops a lock only when an answer shows that it is gone, and only if its
/// lease can have run out by then. A lock that went too early (two holders, a lease that a clock shortened) thus has no explanation.
/// </summary>
/// <param name="earlySlackUs">By how much the server's clock may run ahead of the recorder's during one lease.</param>
/// <param name="lateSlackUs">By how much it may lag: its own downtime, and what a crash makes it forget. Null for any.</param>
public sealed class LockedPath(long earlySlackUs = 20_000, long? lateSlackUs = null) : ISequentialModel<PathState, PathAction>
{
    public PathState Initial => PathState.Empty;

    public PathState? Apply(PathState state, Operation<PathAction> operation) => operation.Action switch
    {
        Acquire action => Acquired(state, operation, action),
        Renew action => Renewed(state, operation, action),
        Release action => Released(state, operation, action),
        Break action => Without(state, operation, state.Holders.Where(holder => holder.TokenKnown && holder.Token == action.Token), mustBeGone: false),
        ListHeld action => Listed(state, operation, action),
        Write action => Written(state, operation, action),
        Read { Reply: Reply.Absent } => state.Version == 0 ? state : null,
        Read action => state.Version > 0 && state.Content == action.Content && (action.Version == 0 || action.Version == state.Version) ? state : null,
        _ => throw new InvalidOperationException($"No such action: {operation.Action}"),
    };

    // Tokens and versions only grow.
    public bool IsMissed(PathState state, Operation<PathAction> operation) => operation.Action switch
    {
        Acquire { Reply: Reply.Done } action => action.Token <= state.LastToken,
        Write { Reply: Reply.Done } action => action.Version <= state.Version,
        Read { Reply: Reply.Absent } => state.Version > 0,
        Read { Version: > 0 } action => action.Version < state.Version,
        _ => false,
    };

    private PathState? Acquired(PathState state, Operation<PathAction> operation, Acquire action)
    {
        var inTheWay = state.Holders.Where(holder => holder.Exclusive || action.Exclusive);
        if (action.Reply == Reply.Held)
        {
            return action.MayStandBehind || inTheWay.Any(holder => holder.MayBeLive(operation) && (action.Holder is null || action.Holder == holder.Agent))
                ? state : null;
        }

        var known = action.Reply == Reply.Done;
        if (known && action.Token <= state.LastToken || Without(state, operation, inTheWay, mustBeGone: true) is not { } free)
        {
            return null;
        }

        var token = known ? action.Token : state.LastToken + 1;
        return free.With(free.Holders.Add(Lease(new(token, known, action.Agent, action.Exclusive, 0, 0), free, operation, action.TtlUs)), token);
    }

    private PathState? Renewed(PathState state, Operation<PathAction> operation, Renew action)
    {
        var mine = Mine(state, action.Token, action.Agent);
        return action.Reply switch
        {
            Reply.Lost => mine is null ? state : Without(state, operation, [mine], mustBeGone: true),
            Reply.Absent => mine is null ? state : null,
            _ => mine is null || !mine.MayBeLive(operation) ? null
                : state.With(state.Holders.Replace(mine, Lease(mine, state, operation, action.TtlUs))),
        };
    }

    private static PathState? Released(PathState state, Operation<PathAction> operation, Release action)
    {
        var named = state.Holders.FirstOrDefault(holder => holder.TokenKnown && holder.Token == action.Token);
        if (action.Reply == Reply.Absent)
        {
            return named?.Agent == action.Agent ? null : state;
        }

        return named is null ? state : named.Agent != action.Agent ? null : Without(state, operation, [named], mustBeGone: false);
    }

    private static PathState? Listed(PathState state, Operation<PathAction> operation, ListHeld action)
    {
        var left = state.Holders.ToList();
        var shown = new List<Holder>();
        foreach (var seen in action.Locks.OrderBy(one => one.Token))
        {
            var holder = left.Find(one => one.TokenKnown && one.Token == seen.Token)
                ?? left.Find(one => !one.TokenKnown && one.Token <= seen.Token && one.Agent == seen.Agent);
            if (holder is null || holder.Agent != seen.Agent || holder.Exclusive != seen.Exclusive || !holder.MayBeLive(operation))
            {
                return null;
            }

            left.Remove(holder);
            shown.Add(holder with { Token = seen.Token, TokenKnown = true });
        }

        if (shown.TrueForAll(state.Holders.Contains) && left.Count == 0)
        {
            return state;
        }

        return Without(state, operation, left, mustBeGone: true)?.With(
            [.. shown.OrderBy(holder => holder.Token)], Math.Max(state.LastToken, shown.Count == 0 ? 0 : shown.Max(holder => holder.Token)));
    }

    private static PathState? Written(PathState state, Operation<PathAction> operation, Write action)
    {
        var mine = action.Token is { } token && Mine(state, token, action.Agent) is { Exclusive: true } holder ? holder : null;
        switch (action.Reply)
        {
            case Reply.Held:
                return action.Token is null && state.Holders.Any(one => one.MayBeLive(operation)) ? state : null;
            case Reply.Stale:
                return action.Token is null ? null : mine is null ? state : Without(state, operation, [mine], mustBeGone: true);
            case Reply.Conflict:
                return action.IfVersion is { } expected && expected != state.Version ? state : null;
        }

        if (action.IfVersion is { } version && version != state.Version || action.Reply == Reply.Done && action.Version != state.Version + 1)
        {
            return null;
        }

        return action.Token is null ? Without(state, operation, state.Holders, mustBeGone: true)?.Written(action.Content)
            : mine?.MayBeLive(operation) == true ? state.Written(action.Content) : null;
    }

    private static Holder? Mine(PathState state, long token, string agent) =>
        state.Holders.FirstOrDefault(holder => holder.TokenKnown && holder.Token == token && holder.Agent == agent);

    // Takes locks away: by the operation itself, or because they must have expired before it.
    private static PathState? Without(PathState state, Operation<PathAction> operation, IEnumerable<Holder> gone, bool mustBeGone)
    {
        ImmutableArray<Holder> ended = [.. gone];
        if (ended.Length == 0)
        {
            return state;
        }

        if (mustBeGone && ended.Any(holder => !holder.MayBeGone(operation)))
        {
            return null;
        }

        return state.With(state.Holders.RemoveRange(ended), null, mustBeGone ? ended.Max(holder => holder.EarliestEndUs) : operation.CalledAtUs);
    }

    private Holder Lease(Holder holder, PathState state, Operation<PathAction> operation, long ttlUs) => holder with
    {
        EarliestEndUs = Math.Max(operation.CalledAtUs, state.NotBeforeUs) + ttlUs - earlySlackUs,
        LatestEndUs = operation.IsOpen || lateSlackUs is null ? long.MaxValue : operation.ReturnedAtUs + ttlUs + lateSlackUs.Value,
    };
}
