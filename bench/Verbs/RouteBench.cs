using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Models;
using Pipeline.Tools.Routing;
using Pipeline.Tools.Tests.Routing;

namespace Pipeline.Bench.Verbs;

/// <summary>The router alone, on one thread: decisions a second over many models, stored decisions made again, fallback, and what routing saves.</summary>
internal static class RouteBench
{
    private const int Different = 1_000;
    private const int Prompts = 1_000;

    public static Command Create()
    {
        var models = new Option<int>("--models") { Description = "Models, all of one capability", DefaultValueFactory = static _ => 200 };
        var seconds = new Option<double>("--seconds") { Description = "How long each line is measured", DefaultValueFactory = static _ => 3 };
        var count = new Option<int>("--count") { Description = "Stored decisions to make again", DefaultValueFactory = static _ => 10_000 };
        var seed = new Option<int>("--seed") { Description = "What everything is drawn from", DefaultValueFactory = static _ => 1 };
        var json = new Option<bool>("--json") { Description = "One JSON document on stdout" };
        var command = new Command("route", "Decisions of the router, made and made again") { models, seconds, count, seed, json };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(models), parsed.GetValue(seconds), parsed.GetValue(count), parsed.GetValue(seed), parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(int models, double seconds, int count, int seed, bool json)
    {
        var field = new RoutingField(seed);
        var cards = field.Cards(models);
        var catalogue = new Catalogue(cards);
        var given = Decidable(field, cards, catalogue);
        var plain = given.ConvertAll(one => one with { State = new RoutingState { NowMs = one.State.NowMs } }).FindAll(one => Decide(one, catalogue) is not null);
        var quiet = PerSecond(plain, catalogue, seconds, read: false);
        var full = PerSecond(given, catalogue, seconds, read: false);
        var worded = PerSecond(given, catalogue, seconds, read: true);
        var same = Again(field, cards, catalogue, count);
        var (rested, replaced) = Fallbacks(given, catalogue);
        var split = EightyTwenty();
        var result = new JsonObject
        {
            ["bench"] = "route",
            ["models"] = models,
            ["plain"] = quiet,
            ["with_health_pools_and_traffic"] = full,
            ["with_every_alternative_worded"] = worded,
            ["replayed"] = count,
            ["replayed_identical"] = same,
            ["rate_limited"] = rested,
            ["replaced_in_the_next_decision"] = replaced,
            ["eighty_twenty"] = split,
        };
        await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(result) : result.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        return same == count && rested == replaced ? 0 : 1;
    }

    private static List<DecisionGiven> Decidable(RoutingField field, IReadOnlyList<ModelCard> cards, Catalogue catalogue)
    {
        var given = new List<DecisionGiven>();
        while (given.Count < Different)
        {
            var one = new DecisionGiven(field.Request(cards), field.State(cards));
            if (Decide(one, catalogue) is not null) given.Add(one);
        }

        return given;
    }

    private static JsonObject PerSecond(List<DecisionGiven> given, Catalogue catalogue, double seconds, bool read)
    {
        long made = 0, words = 0;
        Stopwatch? watch = null;
        var spent = TimeSpan.Zero;
        var clock = Stopwatch.StartNew();
        // The first second warms up.
        while (watch is null || watch.Elapsed.TotalSeconds < seconds)
        {
            foreach (var one in given)
            {
                var decision = Router.Choose(one.Request, catalogue, one.State);
                if (read) words += decision.Alternatives[^1].WhyNot.Length;
                made++;
            }

            if (watch is null && clock.Elapsed.TotalSeconds >= 1) (watch, made, spent) = (Stopwatch.StartNew(), 0, Environment.CpuUsage.TotalTime);
        }

        // Beside others on the machine the wall says little; the processor's own time, the garbage collector's included, says what it costs.
        var cpu = Environment.CpuUsage.TotalTime - spent;
        GC.KeepAlive(words);
        return new JsonObject { ["decisions_per_second"] = Math.Round(made / watch.Elapsed.TotalSeconds), ["decisions_per_cpu_second"] = Math.Round(made / cpu.TotalSeconds) };
    }

    private static int Again(RoutingField field, IReadOnlyList<ModelCard> cards, Catalogue catalogue, int count)
    {
        var kept = Catalogue.FromDocument(catalogue.Document);
        var (decided, same) = (0, 0);
        while (decided < count)
        {
            var given = new DecisionGiven(field.Request(cards), field.State(cards));
            if (Decide(given, catalogue) is not { } stored) continue;
            decided++;
            if (Replay.IsSame(Wire.Write(given), Wire.Write(stored), kept)) same++;
        }

        return same;
    }

    // The chosen model answers 429: what the next decision for the same request takes.
    private static (int Rested, int Replaced) Fallbacks(List<DecisionGiven> given, Catalogue catalogue)
    {
        var (rested, replaced) = (0, 0);
        foreach (var one in given)
        {
            var first = Decide(one, catalogue)!;
            var card = catalogue.Find(first.Model)!;
            if (card.Kind == ModelKind.Local) continue;
            var limited = new ModelOutcome(card.Provider, card.Id, OutcomeKind.RateLimited, null, null, "rate_limited");
            var breakers = new Dictionary<(string, string), Breaker> { [(card.Provider, card.Id)] = Breaker.Closed.After(limited, [OutcomeKind.RateLimited], one.State.NowMs) };
            var health = new Dictionary<string, ModelHealth>(one.State.Health);
            foreach (var (id, now) in HealthWindow.Of(new HealthRecords { Breakers = breakers }, [card], one.State.NowMs)) health[id] = now;
            if (Decide(one with { State = one.State with { Health = health } }, catalogue) is not { } next) continue;
            rested++;
            if (next.Model != card.Id) replaced++;
        }

        return (rested, replaced);
    }

    // Four prompts of five are simple. The sample catalogue's paid models, five seconds of 720p each.
    private static JsonObject EightyTwenty()
    {
        const string Complex = "A cinematic tracking shot: the camera follows two characters through a crowd at dusk, then a slow motion close-up with shallow depth of field while "
            + "the lighting changes from warm to cold; keep both faces consistent, photorealistic reflections on wet stone.";
        var catalogue = new Catalogue(Catalogue.Shipped().Models.Where(card => card.Kind == ModelKind.Http));
        var (routed, premium) = (0L, 0L);
        var taken = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Prompts; i++)
        {
            var prompt = i % 5 < 4 ? string.Create(CultureInfo.InvariantCulture, $"a red ball on a table, take {i}") : Complex;
            var decision = Router.Choose(new RouteRequest("generate_video", new JsonObject { ["prompt"] = prompt, ["duration_seconds"] = 5 }), catalogue, new RoutingState { NowMs = RoutingField.Now.ToUnixTimeMilliseconds() });
            routed += decision.EstimatedCostMicros;
            premium += decision.PremiumCostMicros ?? 0;
            taken[decision.Model] = taken.GetValueOrDefault(decision.Model) + 1;
        }

        return new JsonObject
        {
            ["prompts"] = Prompts,
            ["models"] = new JsonObject(taken.Select(model => KeyValuePair.Create(model.Key, (JsonNode?)model.Value))),
            ["routed_micros"] = routed,
            ["all_premium_micros"] = premium,
            ["saved_share"] = Math.Round(1 - ((double)routed / premium), 4),
        };
    }

    private static Decision? Decide(DecisionGiven given, Catalogue catalogue)
    {
        try
        {
            return Router.Choose(given.Request, catalogue, given.State);
        }
        catch (NoModelError)
        {
            return null;
        }
    }
}
