using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Pipeline.Reliability.Estimates;

namespace Pipeline.Bench.Verbs;

/// <summary>What create_plan expects against what runs take and cost: mixed plans, real workers, a vendor that takes its time.</summary>
internal static class EstimatesBench
{
    private const double Bar = 0.25;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private static readonly JsonSerializerOptions Broad = new(Json) { WriteIndented = true };

    public static Command Create()
    {
        var plans = new Option<int>("--plans") { Description = "How many plans are run", DefaultValueFactory = static _ => 50 };
        var seed = new Option<int>("--seed") { Description = "What plans and the vendor's times are drawn from", DefaultValueFactory = static _ => 1 };
        var scale = new Option<double>("--scale") { Description = "The vendor's times, 0.3 to 1.8 s at the median, are so many times as long", DefaultValueFactory = static _ => 4 };
        var look = new Option<bool>("--look") { Description = "With the shipped workers, which measure what comes on this machine, instead of such as only buy" };
        var json = new Option<bool>("--json") { Description = "One JSON document on stdout" };
        var command = new Command("estimates", "Estimate against actual over mixed plans with a vendor that takes its time") { plans, seed, scale, look, json };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(plans), parsed.GetValue(seed), parsed.GetValue(scale), parsed.GetValue(look), parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(int plans, int seed, double scale, bool look, bool json)
    {
        using var scratch = new Scratch();
        await using var trial = await EstimateTrial.OpenAsync(scratch.Folder("estimates"), seed, scale, look);
        await Console.Error.WriteLineAsync("plan          hands calls   cards s  expected s  took s     off");
        var runs = await trial.RunAsync(plans, static run => Console.Error.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{run.Kind,-13} {run.Slots,5} {run.Calls,5} {run.CardSeconds,9:0.00} {run.ExpectedSeconds,11:0.00} {run.Seconds,7:0.00} {run.Off,7:P1}")));
        var within = runs.Count(run => Math.Abs(run.Off) <= Bar);
        var exact = runs.Count(run => run.Micros == run.ExpectedMicros);
        var result = new
        {
            bench = "estimates",
            plans,
            seed,
            scale,
            look,
            calls = runs.Sum(run => run.Calls),
            mean_off = Math.Round(runs.Average(run => Math.Abs(run.Off)), 4),
            max_off = Math.Round(runs.Max(run => Math.Abs(run.Off)), 4),
            within_a_quarter = within,
            all_together_off = Math.Round((runs.Sum(run => run.Seconds) / runs.Sum(run => run.ExpectedSeconds)) - 1, 4),
            by_cards_alone = new { mean_off = Math.Round(runs.Average(run => Math.Abs(run.CardOff)), 4), max_off = Math.Round(runs.Max(run => Math.Abs(run.CardOff)), 4) },
            cost_exact = exact,
            expected_micros = runs.Sum(run => run.ExpectedMicros),
            ledger_micros = runs.Sum(run => run.Micros),
            vendor_bill_with_warm_up_micros = trial.BilledMicros,
        };
        Console.WriteLine(JsonSerializer.Serialize(result, json ? Json : Broad));
        return within == plans && exact == plans ? 0 : 1;
    }
}
