using System.Text.Json.Nodes;
using Pipeline.Tools.Plans.Expressions;

namespace Pipeline.Tools.Plans;

/// <summary>
/// Checks every expression of a plan: that it can be read, that it only names what is there when it is worked out, and that
/// what it gives has the type that the input takes.
/// </summary>
internal sealed class ReferenceProof(Plan plan, PlanGraph graph, List<PlanProblem> problems, List<PlanProblem> warnings)
{
    private static readonly string[] StepWords = ["state", "outputs", "metrics", "items", "error"];

    public void Check()
    {
        for (var i = 0; i < plan.Steps.Count; i++)
            if (graph.Has(plan.Steps[i].Id) && ReferenceEquals(graph.Step(plan.Steps[i].Id), plan.Steps[i])) Step(plan.Steps[i], $"steps[{i}]");
        Rules(plan.Rules, null, ["inputs", "event"], new HashSet<string>(), "rules");
        for (var i = 0; i < plan.Deliverables.Count; i++) Deliverable(plan.Deliverables[i], $"deliverables[{i}]");
    }

    private void Step(PlanStep step, string path)
    {
        var before = graph.Ancestors(step.Id);
        var roots = new HashSet<string>(StringComparer.Ordinal) { "inputs", "event", "steps" };
        if (graph.IsRepair(step.Id)) roots.Add("source");
        if (step.ForEach is not null) Inside(step.ForEach, null, step.Id, roots, before, path + ".for_each");
        // A repair sees the element of the fan-out whose result it mends.
        if (step.ForEach is not null || graph.RepairsFor(step.Id).Any(source => graph.Step(source).ForEach is not null)) roots.UnionWith(["item", "index"]);
        if (step.When is not null && Parsed(() => Expression.Parse(step.When), step.Id, path + ".when") is { } when) Paths(when, step.Id, roots, before, path + ".when");
        var capability = Capabilities.Find(step.Capability);
        foreach (var (name, value) in step.Inputs) Inside(value, capability?.Input(name), step.Id, roots, before, $"{path}.inputs.{name}");
        Rules(step.Rules, step.Id, roots, before, path + ".rules");
    }

    // A rule is looked at when the step is routed: it knows what the step knows, and what the step is given.
    private void Rules(IReadOnlyList<RoutingRule> rules, string? step, IEnumerable<string> roots, IReadOnlySet<string> before, string path)
    {
        var known = roots.Concat(RoutingRule.Names).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < rules.Count; i++)
            if (Parsed(() => Expression.Parse(rules[i].When), step, $"{path}[{i}].when") is { } when) Paths(when, step, known, before, $"{path}[{i}].when");
    }

    private void Deliverable(string text, string path)
    {
        if (!Template.IsIn(text))
        {
            if (!graph.Has(text)) problems.Add(new PlanProblem(null, "unknown_reference", $"There is no step '{text}' to deliver.", path));
        }
        else if (Parsed(() => Template.Parse(text), null, path) is { } template)
        {
            foreach (var expression in template.Expressions) Paths(expression, null, ["inputs", "event", "steps"], graph.Order.ToHashSet(), path);
        }
    }

    private void Inside(JsonNode? value, Field? field, string step, HashSet<string> roots, IReadOnlySet<string> before, string path)
    {
        switch (value)
        {
            case JsonObject members:
                foreach (var (name, member) in members) Inside(member, null, step, roots, before, $"{path}.{name}");
                break;
            case JsonArray list:
                for (var i = 0; i < list.Count; i++) Inside(list[i], null, step, roots, before, $"{path}[{i}]");
                break;
            case JsonValue when Values.Text(value) is { } text && (Template.IsIn(text) || path.EndsWith(".for_each", StringComparison.Ordinal)):
                // A list expression may be written without ${ }.
                var template = Template.IsIn(text) ? Parsed(() => Template.Parse(text), step, path) : Parsed(() => Template.Parse("${" + text + "}"), step, path);
                if (template is null) break;
                foreach (var expression in template.Expressions) Paths(expression, step, roots, before, path);
                if (field is not null && template.Whole is { } whole && TypeOf(whole) is var type && !InputProof.Fits(field.Type, type))
                    problems.Add(new PlanProblem(step, "input_type", $"'{field.Name}' is {InputProof.Say(field.Type)}, but the expression gives {InputProof.Say(type)}.", path));
                break;
            default:
                break;
        }
    }

    private T? Parsed<T>(Func<T> parse, string? step, string path)
        where T : class
    {
        try
        {
            return parse();
        }
        catch (ExpressionError wrong)
        {
            problems.Add(new PlanProblem(step, "bad_expression", wrong.Message, path));
            return null;
        }
    }

    private void Paths(Expression expression, string? step, HashSet<string> roots, IReadOnlySet<string> before, string path)
    {
        foreach (var found in expression.Paths())
        {
            if (!roots.Contains(found.Root))
                problems.Add(new PlanProblem(step, "unknown_reference", $"'{found.Root}' is nothing here; there are {string.Join(", ", roots.Order())}.", path));
            else if (found.Root == "steps" && Wrong(found, step, before) is { } wrong)
                problems.Add(new PlanProblem(step, "unknown_reference", wrong, path));
            else if (found.Root == "steps" && graph.Has(((Member)found.Segments[0]).Name))
                Metric(found, step, path);
        }
    }

    private string? Wrong(PathNode path, string? step, IReadOnlySet<string> before)
    {
        if (path.Segments is not [Member id, ..]) return "After 'steps' comes a step's id.";
        if (!graph.Has(id.Name)) return $"There is no step '{id.Name}'.";
        if (!before.Contains(id.Name)) return id.Name == step ? "A step cannot refer to itself." : $"'{id.Name}' is not among the steps that '{step}' needs, directly or through others.";
        if (path.Segments.Count == 1) return null;
        if (path.Segments[1] is not Member word || !StepWords.Contains(word.Name)) return $"A step has {string.Join(", ", StepWords)}.";
        var isMany = IsMany(id.Name);
        if (isMany && word.Name is "outputs" or "metrics" && isMany) return $"'{id.Name}' is done many times: use steps.{id.Name}.items[*].{word.Name}.";
        if (!isMany && word.Name == "items") return $"'{id.Name}' is done once: use steps.{id.Name}.outputs.";
        return OutputOf(path) is { Name: { } name, Field: null, Capability: { } capability } ? $"{capability.Name} has no output '{name}'; it gives {string.Join(", ", capability.Outputs.Select(output => output.Name))}." : null;
    }

    private void Metric(PathNode path, string? step, string at)
    {
        var rest = Rest(path);
        if (rest is not [Member { Name: "metrics" }, Member metric, ..]) return;
        if (CapabilityOf(path) is { } capability && capability.Metrics.All(known => known.Name != metric.Name))
            warnings.Add(new PlanProblem(step, "unknown_metric", $"{capability.Name} is not known to report '{metric.Name}'; a missing one is null.", at));
    }

    private FieldType TypeOf(Expression expression)
    {
        if (expression.Root is not PathNode { Root: "steps" } path || OutputOf(path).Field is not { } field) return FieldType.Any;
        if (Rest(path).Count > 2) return FieldType.Any;
        if (!path.Segments.Any(segment => segment is Every)) return field.Type;
        return field.Type switch
        {
            FieldType.Asset => FieldType.AssetList,
            FieldType.Text => FieldType.TextList,
            FieldType.Number or FieldType.Integer => FieldType.NumberList,
            _ => FieldType.List,
        };
    }

    private (string? Name, Field? Field, Capability? Capability) OutputOf(PathNode path)
    {
        var capability = CapabilityOf(path);
        return capability is not null && Rest(path) is [Member { Name: "outputs" }, Member output, ..] ? (output.Name, capability.Output(output.Name), capability) : default;
    }

    private Capability? CapabilityOf(PathNode path) =>
        path.Segments is [Member id, ..] && graph.Has(id.Name) ? Capabilities.Find(graph.Step(id.Name).Capability) : null;

    // What follows the step, or one item of it.
    private static List<Segment> Rest(PathNode path) =>
        [.. path.Segments is [_, Member { Name: "items" }, Element or Every, ..] ? path.Segments.Skip(3) : path.Segments.Skip(1)];

    private bool IsMany(string id) => graph.Step(id).ForEach is not null || graph.IsRepair(id);
}
