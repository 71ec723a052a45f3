using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Locks;

/// <summary>All attempts of a client at one thing: they share a key and so have one effect between them.</summary>
internal sealed class Intent
{
    private Intent(IReadOnlyList<Operation> attempts)
    {
        First = attempts[0];
        var last = attempts[^1];
        // A refusal after an attempt whose answer was lost says nothing about that attempt, and a failure of the server nothing about the call.
        Outcome = last.Outcome == Outcome.Refused && (attempts.Count > 1 || IsFailure(last.Code)) ? Outcome.Open : last.Outcome;
        ReturnedAtUs = Outcome == Outcome.Open || last.ReturnedAtNs is null ? long.MaxValue : last.ReturnedAtNs.Value / 1000;
        Answer = last.Answer ?? [];
        Code = last.Code;
    }

    /// <summary>The first attempt.</summary>
    public Operation First { get; }

    public Outcome Outcome { get; }

    public long CalledAtUs => First.InvokedAtNs / 1000;

    public long ReturnedAtUs { get; }

    public JsonObject Answer { get; }

    public string? Code { get; }

    public string Agent => First.Agent ?? First.Client;

    public JsonObject Arguments => First.Arguments;

    /// <summary>Whether it says that the server failed rather than what became of the call.</summary>
    private static bool IsFailure(string? code) => code is "internal" or "busy" or "overloaded" or "draining" or "outcome_unknown" || code?.StartsWith("storage_", StringComparison.Ordinal) == true;

    /// <summary>The intents of a history by first attempt; what only reads is one of its own each time.</summary>
    public static IReadOnlyList<Intent> Of(History history) =>
    [
        .. history.Operations.Where(operation => operation.Code != Clients.Answer.Unreachable).GroupBy(operation => (operation.Client, Key: operation.Key ?? $"#{operation.Call}"))
            .Select(attempts => new Intent([.. attempts.OrderBy(attempt => attempt.InvokedAtNs)])).OrderBy(intent => intent.CalledAtUs),
    ];
}
