using System.Text.Json.Nodes;
using Pipeline.Reliability.Recording;

namespace Pipeline.Reliability.Nodes;

/// <summary>One time that a node was cut off.</summary>
/// <param name="BeganNs">When, on <see cref="RigClock"/>.</param>
/// <param name="EndedNs">When its wire was whole again.</param>
/// <param name="Callers">Connections of callers that were joined to it when it was cut off.</param>
/// <param name="BackMs">From then on to when it said that it should be sent work; null when it never did.</param>
internal sealed record CutOff(long BeganNs, long EndedNs, int Callers, double? BackMs)
{
    private static readonly HashSet<string> Prompt = ["complete_step", "fail_step", "renew_step", "put_asset", "notify_webhook", "release_lock"];

    /// <summary>
    /// How many there were and how long, how soon the nodes were back, and how long it took to get through what was asked for while one was cut off, from
    /// its first attempt to its answer, of what waits for nothing else.
    /// </summary>
    public static void Tell(IReadOnlyList<CutOff> all, string? missing, History history, JsonObject figures)
    {
        figures["cut_offs"] = all.Count;
        if (missing is not null)
        {
            figures["cut_offs_not_played"] = missing;
        }

        figures["cut_off"] = Recoveries.Tell(all.Select(one => (one.EndedNs - one.BeganNs) / 1e6));
        figures["cut_off_with_callers"] = all.Count(one => one.Callers > 0);
        figures["back_after_cut_off"] = Recoveries.Tell(all.Select(one => one.BackMs ?? double.NaN));
        var calls = history.Operations.Where(operation => Prompt.Contains(operation.Tool) && operation.Key is not null).GroupBy(operation => (operation.Client, operation.Key))
            .Select(attempts => (attempts.First().InvokedAtNs, AnsweredAtNs: attempts.FirstOrDefault(attempt => attempt.ReturnedAtNs is not null && !IsSentAgain(attempt))?.ReturnedAtNs));
        figures["calls_while_cut_off"] = Recoveries.Tell(calls.Where(call => all.Any(one => call.InvokedAtNs >= one.BeganNs && call.InvokedAtNs < one.EndedNs))
            .Select(call => call.AnsweredAtNs is { } at ? (at - call.InvokedAtNs) / 1e6 : double.NaN));
    }

    private static bool IsSentAgain(Operation attempt) => attempt.Outcome == Outcome.Refused && Clients.Answer.SaysNothing(attempt.Code);
}
