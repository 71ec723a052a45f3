using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Tools.Plans;

/// <summary>Reads a plan from JSON, strictly: every field that is unknown or of the wrong type is a problem, all are found at once.</summary>
public static class PlanReader
{
    private const string PlanFields = "name, deliverables, intermediates_hours, rules, steps";
    private const string StepFields = "id, capability, needs, inputs, when, for_each, join, retry, timeout_seconds, tier, models, rules, quality, approval, expect";

    /// <summary>The plan as far as it can be read, and what is wrong with it.</summary>
    public static (Plan Plan, IReadOnlyList<PlanProblem> Problems) Read(JsonElement document)
    {
        var problems = new List<PlanProblem>();
        var reading = new Reading(document, "", problems);
        var plan = new Plan { Name = reading.Text("name"), Deliverables = reading.Texts("deliverables", 100), IntermediatesHours = reading.Number("intermediates_hours", 0, 87_600), Rules = RulesReader.Read(reading, problems), Steps = Steps(reading, problems) };
        reading.End(PlanFields);
        return (plan, problems);
    }

    private static List<PlanStep> Steps(Reading plan, List<PlanProblem> problems)
    {
        var steps = new List<PlanStep>();
        if (!plan.IsObject) return steps;
        if (plan.Take("steps") is not { ValueKind: JsonValueKind.Array } list)
        {
            plan.Wrong("missing_field", "'steps' is missing, or no list.", "steps");
            return steps;
        }

        var count = list.GetArrayLength();
        if (count is 0 or > Plan.MaxSteps) plan.Wrong("out_of_range", $"A plan has 1 to {Plan.MaxSteps} steps, not {count}.", "steps");
        foreach (var element in list.EnumerateArray().Take(Plan.MaxSteps)) steps.Add(Step(element, $"steps[{steps.Count}]", problems));
        return steps;
    }

    private static PlanStep Step(JsonElement element, string path, List<PlanProblem> problems)
    {
        var reading = new Reading(element, path, problems);
        var id = reading.Text("id", required: true) ?? "";
        reading.Step = id.Length > 0 ? id : null;
        if (id.Length > 0 && !Reading.StepId().IsMatch(id)) reading.Wrong("bad_id", $"A step id is a lower-case letter, then letters, digits, _ and -, at most 64; '{id}' is not.", "id");
        var step = new PlanStep
        {
            Id = id,
            Capability = reading.Text("capability", required: true) ?? "",
            Needs = reading.Texts("needs", Plan.MaxSteps),
            Inputs = Inputs(reading),
            When = reading.Text("when", longest: Expressions.Expression.MaxLength),
            ForEach = ForEach(reading),
            Join = Join(reading),
            Retry = Retry(reading, problems),
            TimeoutSeconds = reading.Number("timeout_seconds", 1, 86_400) ?? 3_600,
            Tier = RulesReader.TierOf(reading),
            Models = reading.Texts("models", 20),
            Rules = RulesReader.Read(reading, problems),
            Quality = Quality(reading, problems),
            Approval = Approval(reading, problems),
            Expect = Expect(reading, problems),
        };
        reading.End(StepFields);
        return step;
    }

    private static JsonObject Inputs(Reading step)
    {
        if (step.Take("inputs") is not { } value) return [];
        if (Plain(step, value, "inputs", 0) is JsonObject inputs) return inputs;
        step.Wrong("wrong_type", $"'inputs' is an object, not {Reading.Kind(value)}.", "inputs");
        return [];
    }

    private static JsonNode? ForEach(Reading step)
    {
        if (step.Take("for_each") is not { } value) return null;
        if (value.ValueKind is JsonValueKind.String or JsonValueKind.Array) return Plain(step, value, "for_each", 0);
        step.Wrong("wrong_type", $"'for_each' is a list expression or a list, not {Reading.Kind(value)}.", "for_each");
        return null;
    }

    // Copies free JSON; a name that stands twice in one object would make its meaning depend on the reader.
    private static JsonNode? Plain(Reading step, JsonElement element, string path, int depth)
    {
        if (depth > 16)
        {
            step.Wrong("out_of_range", "Nested deeper than 16 levels.", path);
            return null;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var field in element.EnumerateObject())
                    if (!members.TryAdd(field.Name, Plain(step, field.Value, $"{path}.{field.Name}", depth + 1))) step.Wrong("duplicate_field", $"'{field.Name}' stands here twice.", path);
                return members;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select((each, i) => Plain(step, each, $"{path}[{i}]", depth + 1))]);
            case JsonValueKind.Null:
                return null;
            default:
                return JsonNode.Parse(element.GetRawText());
        }
    }

    private static int? Join(Reading step)
    {
        if (step.Take("join") is not { } value) return null;
        if (value.ValueKind == JsonValueKind.String && value.GetString() is "all" or "any") return value.GetString() == "any" ? 1 : null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 1) return count;
        step.Wrong("wrong_type", "'join' is \"all\", \"any\" or a whole number from 1.", "join");
        return null;
    }

    private static RetryRule Retry(Reading step, List<PlanProblem> problems)
    {
        var usual = new RetryRule();
        if (step.Take("retry") is not { } value) return usual;
        var reading = new Reading(value, step.Below("retry"), problems) { Step = step.Step };
        var rule = new RetryRule(
            (int)(reading.Number("max_attempts", 1, 20, whole: true) ?? usual.MaxAttempts),
            reading.Number("backoff_seconds", 0, 3_600) ?? usual.BackoffSeconds);
        reading.End("max_attempts, backoff_seconds");
        return rule;
    }

    private static QualityGate? Quality(Reading step, List<PlanProblem> problems)
    {
        if (step.Take("quality") is not { } value) return null;
        var reading = new Reading(value, step.Below("quality"), problems) { Step = step.Step };
        var metric = reading.Text("metric", required: true);
        var min = reading.Number("min", -1e12, 1e12);
        if (min is null && reading.IsObject) reading.Wrong("missing_field", "'min' is missing or no number.", "min");
        var gate = new QualityGate(metric ?? "", min ?? 0, QualityAction.Fail);
        if (reading.Take("on_fail") is { } action) gate = OnFail(reading, gate, action, problems);
        reading.End("metric, min, on_fail");
        return metric is null || min is null ? null : gate;
    }

    private static QualityGate OnFail(Reading quality, QualityGate gate, JsonElement action, List<PlanProblem> problems)
    {
        if (action.ValueKind == JsonValueKind.String && action.GetString() is "retry" or "fail")
            return gate with { OnFail = action.GetString() == "retry" ? QualityAction.Retry : QualityAction.Fail };
        if (action.ValueKind != JsonValueKind.Object)
        {
            quality.Wrong("wrong_type", "'on_fail' is \"retry\", \"fail\" or {\"route_to\", \"max\"}.", "on_fail");
            return gate;
        }

        var reading = new Reading(action, quality.Below("on_fail"), problems) { Step = quality.Step };
        var target = reading.Text("route_to", required: true);
        var max = (int)(reading.Number("max", 1, 10, whole: true) ?? 1);
        reading.End("route_to, max");
        return target is null ? gate : gate with { OnFail = QualityAction.RouteTo, RouteTo = target, Max = max };
    }

    private static ApprovalRule? Approval(Reading step, List<PlanProblem> problems)
    {
        if (step.Take("approval") is not { } value || value.ValueKind == JsonValueKind.False) return null;
        if (value.ValueKind == JsonValueKind.True) return new ApprovalRule(true, null);
        if (value.ValueKind != JsonValueKind.Object)
        {
            step.Wrong("wrong_type", "'approval' is true, {\"of\": \"result\"} or {\"above_micros\": N}.", "approval");
            return null;
        }

        var reading = new Reading(value, step.Below("approval"), problems) { Step = step.Step };
        var of = reading.Text("of");
        if (of is not null and not "result") reading.Wrong("wrong_type", $"'of' is result, not '{of}'.", "of");
        var above = (long?)reading.Number("above_micros", 0, 1e15, whole: true);
        reading.End("of, above_micros");
        if (of is null && above is null && reading.IsObject) reading.Wrong("missing_field", "An approval is of the result, or of a cost above_micros.", "of");
        return new ApprovalRule(of is not null, above);
    }

    private static Expectation? Expect(Reading step, List<PlanProblem> problems)
    {
        if (step.Take("expect") is not { } value) return null;
        var reading = new Reading(value, step.Below("expect"), problems) { Step = step.Step };
        var expect = new Expectation(reading.Number("probability", 0, 1), (int?)reading.Number("items", 0, 1_000, whole: true), reading.Number("media_seconds", 0, 1_000_000));
        reading.End("probability, items, media_seconds");
        return expect;
    }
}
