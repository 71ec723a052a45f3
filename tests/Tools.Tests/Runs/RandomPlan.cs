using System.Globalization;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Tests.Runs;

/// <summary>A plan with everything in it that a plan may have, made from a seed.</summary>
internal static class RandomPlan
{
    public static ProvenPlan Make(Random random)
    {
        var count = random.Next(1, 9);
        var steps = new List<string>();
        var many = new HashSet<int>();
        for (var i = 0; i < count; i++) steps.Add(Step(random, i, many));
        if (random.Next(2) == 0)
        {
            // One repair step for one or two of the others, put in by name.
            var sources = Enumerable.Range(0, count).OrderBy(_ => random.Next()).Take(random.Next(1, 3)).ToList();
            foreach (var source in sources)
                steps[source] = steps[source][..^1] + $", \"quality\": {{\"metric\": \"m\", \"min\": 0.5, \"on_fail\": {{\"route_to\": \"fix\", \"max\": {random.Next(1, 4)}}}}}}}";
            var own = random.Next(2) == 0 ? "" : """, "quality": {"metric": "m", "min": 0.4, "on_fail": "retry"}""";
            steps.Add("""{"id": "fix", "capability": "x-fix", "inputs": {"v": "${source.outputs.v}"}, "retry": {"max_attempts": 2, "backoff_seconds": 1}""" + own + "}");
            // Nobody who comes before a source may need the repair, so that only one at the end does.
            if (random.Next(2) == 0) steps.Add("""{"id": "end", "capability": "x-end", "needs": ["fix"]}""");
        }

        return Tests.Plans.Make.Steps([.. steps]) with { CallMicros = Enumerable.Range(0, count).ToDictionary(i => $"s{i}", i => 100L * (i % 2)) };
    }

    private static string Step(Random random, int index, HashSet<int> many)
    {
        var needs = Enumerable.Range(0, index).Where(_ => random.NextDouble() < 0.4).ToList();
        var fields = new List<string> { $"\"id\": \"s{index}\"", $"\"capability\": \"x-{index % 3}\"", $"\"needs\": [{string.Join(",", needs.Select(need => $"\"s{need}\""))}]" };
        var inputs = needs.Select(need => many.Contains(need) ? $"\"v{need}\": \"${{steps.s{need}.items[*].outputs.v}}\"" : $"\"v{need}\": \"${{steps.s{need}.outputs.v}}\"");
        fields.Add($"\"inputs\": {{{string.Join(",", inputs)}}}");
        if (random.NextDouble() < 0.3)
        {
            fields.Add($"\"for_each\": [{string.Join(",", Enumerable.Range(0, random.Next(0, 4)))}]");
            many.Add(index);
        }

        if (random.NextDouble() < 0.25 && needs.Count > 0)
            fields.Add(many.Contains(needs[0]) ? $"\"when\": \"length(steps.s{needs[0]}.items) > 1\"" : $"\"when\": \"steps.s{needs[0]}.metrics.m > 0.5\"");
        if (random.NextDouble() < 0.3 && needs.Count > 0 && !needs.Exists(many.Contains)) fields.Add($"\"join\": {random.Next(1, needs.Count + 1)}");
        if (random.NextDouble() < 0.25) fields.Add(random.Next(3) switch { 0 => "\"approval\": true", 1 => "\"approval\": {\"above_micros\": 50}", _ => "\"approval\": {\"of\": \"result\", \"above_micros\": 50}" });
        fields.Add(string.Create(CultureInfo.InvariantCulture, $"\"retry\": {{\"max_attempts\": {random.Next(1, 4)}, \"backoff_seconds\": {random.Next(0, 3)}}}, \"timeout_seconds\": 30"));
        return $"{{{string.Join(", ", fields)}}}";
    }
}
