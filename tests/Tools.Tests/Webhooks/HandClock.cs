namespace Pipeline.Tools.Tests.Webhooks;

/// <summary>The system's clock, set forward by hand.</summary>
internal sealed class HandClock : TimeProvider
{
    private TimeSpan _ahead;

    public void Advance(TimeSpan by) => _ahead += by;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;
}
