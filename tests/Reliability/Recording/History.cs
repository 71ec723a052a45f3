namespace Pipeline.Reliability.Recording;

/// <summary>What was recorded, in one order: by the shared clock, then as it came in.</summary>
public sealed class History
{
    /// <summary>Puts <paramref name="events"/> in order.</summary>
    public History(IReadOnlyList<HistoryEvent> events)
    {
        Events = [.. events.OrderBy(happened => happened.AtNs)];
        var ends = Events.Where(happened => happened.Phase is "ok" or "refused" or "lost").ToLookup(happened => (happened.Client, happened.Call));
        Operations = [.. Events.Where(happened => happened.Phase == "invoke").Select(invoked => Join(invoked, ends[(invoked.Client, invoked.Call)].FirstOrDefault()))];
    }

    public IReadOnlyList<HistoryEvent> Events { get; }

    /// <summary>Calls in the order in which they were made.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The notes about <paramref name="what"/>, of clients and of the rig.</summary>
    public IEnumerable<HistoryEvent> Notes(string what) => Events.Where(happened => happened.Phase == "note" && happened.What == what);

    private static Operation Join(HistoryEvent invoked, HistoryEvent? end) => new()
    {
        Client = invoked.Client,
        Call = invoked.Call,
        Tool = invoked.What,
        Arguments = invoked.Body ?? [],
        InvokedAtNs = invoked.AtNs,
        ReturnedAtNs = end?.Phase is "ok" or "refused" ? end.AtNs : null,
        Outcome = end?.Phase switch { "ok" => Outcome.Ok, "refused" => Outcome.Refused, _ => Outcome.Open },
        Answer = end?.Body,
        Code = end?.Code,
    };
}
