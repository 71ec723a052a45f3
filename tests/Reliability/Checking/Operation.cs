namespace Pipeline.Reliability.Checking;

/// <summary>One call of one client as the recorder saw it: what was asked, what came back, between which two moments.</summary>
/// <param name="Id">Its place in the history that it belongs to; unique there.</param>
/// <param name="Client">Who called.</param>
/// <param name="Key">The object that it is about; histories of different keys are independent.</param>
/// <param name="Action">Question and answer together.</param>
/// <param name="CalledAtUs">Microseconds on the recorder's monotonic clock, taken before the call was sent.</param>
/// <param name="ReturnedAtUs">The same clock after the answer was read; <see cref="Open"/> when the outcome is not known.</param>
public sealed record Operation<TAction>(int Id, string Client, string Key, TAction Action, long CalledAtUs, long ReturnedAtUs)
{
    /// <summary>The return time of a call whose outcome never became known: it may take effect at any time after its call, or never.</summary>
    public const long Open = long.MaxValue;

    /// <summary>Whether the outcome is unknown.</summary>
    public bool IsOpen => ReturnedAtUs == Open;
}
