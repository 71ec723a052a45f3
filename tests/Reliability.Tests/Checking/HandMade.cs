using Pipeline.Reliability.Checking;

namespace Pipeline.Reliability.Tests.Checking;

/// <summary>A history written by hand, times in milliseconds.</summary>
internal sealed class HandMade
{
    private readonly List<Operation<PathAction>> _operations = [];

    public IReadOnlyList<Operation<PathAction>> Operations => _operations;

    /// <summary>A call from one moment to another.</summary>
    public HandMade At(long from_ms, long to_ms, PathAction action)
    {
        _operations.Add(new(_operations.Count, "c", "film/a", action, from_ms * 1000, to_ms * 1000));
        return this;
    }

    /// <summary>A call whose answer never came.</summary>
    public HandMade Lost(long from_ms, PathAction action)
    {
        _operations.Add(new(_operations.Count, "c", "film/a", action, from_ms * 1000, Operation<PathAction>.Open));
        return this;
    }

    public KeyVerdict Check(long? lateSlackUs = null) =>
        Assert.Single(new LinearizabilityChecker<PathState, PathAction>(new LockedPath(lateSlackUs: lateSlackUs), TimeProvider.System, TimeSpan.FromSeconds(60)).Check(_operations));

    public static Acquire Took(string agent, long token, bool exclusive = true, long ttl_ms = 2000) => new(Reply.Done, agent, exclusive, ttl_ms * 1000, token);

    public static Acquire MayHaveTaken(string agent, bool exclusive = true, long ttl_ms = 2000) => new(Reply.Unknown, agent, exclusive, ttl_ms * 1000);

    public static Acquire HeldOff(string agent, string holder, bool exclusive = true) => new(Reply.Held, agent, exclusive, 2_000_000, 0, holder);

    public static Release Released(string agent, long token) => new(Reply.Done, agent, token);

    public static Write Wrote(string agent, long? token, string content, long version) => new(Reply.Done, agent, token, null, content, version);

    public static Write Refused(Reply answer, string agent, long? token) => new(answer, agent, token, null, "x");

    public static Read Saw(string content, long version = 0) => new(Reply.Done, version, content);

    public static ListHeld Showed(params SeenLock[] locks) => new(Reply.Done, locks);
}
