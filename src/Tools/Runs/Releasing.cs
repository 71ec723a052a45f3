using System.Text.Json.Nodes;
using Pipeline.Tools.Plans;
using Pipeline.Tools.Plans.Expressions;

namespace Pipeline.Tools.Runs;

/// <summary>How a blocked step becomes ready, is skipped, or unfolds into items.</summary>
internal static class Releasing
{
    /// <summary>The most items of one fan-out.</summary>
    private const int MaxItems = 1_000;

    /// <summary>Releases a plan's step when enough of what it needs is done.</summary>
    public static void Try(RunWork work, string id)
    {
        var step = work.Get(id);
        if (step.State != StepState.Blocked || work.Graph.IsRepair(id)) return;
        var plan = work.Graph.Step(id);
        switch (Joining.Look(work, plan))
        {
            case Joined.Enough when step.Reason == Reasons.SkipRequested:
                work.Put(step with { State = StepState.Skipped, Reason = Reasons.ByRequest });
                break;
            case Joined.Enough when plan.ForEach is not null:
                Unfold(work, step, plan);
                break;
            case Joined.Enough:
                work.Put(Prepared(work, step, null));
                break;
            case Joined.Failed:
                work.Put(step with { State = StepState.Skipped, Reason = Reasons.NeedFailed });
                break;
            case Joined.PassedOver:
                work.Put(step with { State = StepState.Skipped, Reason = Reasons.NeedsSkipped });
                break;
            default:
                break;
        }
    }

    /// <summary>The step with its condition and its inputs worked out: ready, skipped, or failed because they cannot be.</summary>
    public static StepSnapshot Prepared(RunWork work, StepSnapshot step, StepSnapshot? source)
    {
        var plan = work.Graph.Step(step.BaseId);
        var scope = new RunScope(work, step, source);
        try
        {
            if (plan.When is not null && !Expression.Parse(plan.When).Holds(scope)) return step with { State = StepState.Skipped, Reason = Reasons.Condition };
            var inputs = (JsonObject)Template.Fill(plan.Inputs, scope)!;
            if (Absent(work, plan, step, inputs) is { } absent) return absent;
            return Approving.Released(step with { State = StepState.Ready, Reason = null, Inputs = inputs.ToJsonString() }, plan, work.Run.CallMicros.GetValueOrDefault(plan.Id));
        }
        catch (ExpressionError wrong)
        {
            return StepMachine.Failed(step, wrong.Code, wrong.Message);
        }
    }

    private static void Unfold(RunWork work, StepSnapshot step, PlanStep plan)
    {
        JsonArray items;
        try
        {
            items = Items(plan, new RunScope(work, step));
        }
        catch (ExpressionError wrong)
        {
            work.Put(StepMachine.Failed(step, wrong.Code, wrong.Message));
            return;
        }

        if (items.Count > MaxItems)
        {
            work.Put(StepMachine.Failed(step, "too_many_items", $"for_each gave {items.Count} items; {MaxItems} is the most."));
            return;
        }

        work.Put(items.Count == 0
            ? step with { State = StepState.Succeeded, Reason = Reasons.NoItems }
            : step with { State = StepState.Waiting, Reason = Reasons.Items });
        for (var i = 0; i < items.Count; i++)
        {
            var item = new StepSnapshot { StepId = $"{step.BaseId}[{i}]", BaseId = step.BaseId, ItemIndex = i, Item = items[i]?.ToJsonString(), State = StepState.Blocked };
            work.Put(Prepared(work, item, null));
        }
    }

    // A list that is not there (its step was skipped) counts as empty.
    private static JsonArray Items(PlanStep plan, RunScope scope)
    {
        if (plan.ForEach is JsonArray literal) return (JsonArray)Template.Fill(literal, scope)!;
        var source = plan.ForEach!.GetValue<string>();
        return Expression.Parse(source).Value(scope) switch
        {
            null => [],
            JsonArray list => list,
            var other => throw new ExpressionError($"for_each needs a list, not {Values.Kind(other)}", 0, source),
        };
    }

    // An input that is missing because a step before was passed over passes this step over too; otherwise it is a failure.
    private static StepSnapshot? Absent(RunWork work, PlanStep plan, StepSnapshot step, JsonObject inputs)
    {
        var capability = Capabilities.Find(plan.Capability);
        var missing = capability is not null
            ? capability.Missing(name => inputs[name] is not null)
            : plan.Inputs.Where(input => inputs[input.Key] is null && input.Value is not null).Select(input => input.Key).FirstOrDefault();
        if (missing is null) return null;
        if (WasPassedOver(work, plan, step)) return step with { State = StepState.Skipped, Reason = Reasons.NeedsSkipped };
        // A free capability knows best what it can do without.
        return capability is null ? null : StepMachine.Failed(step, "missing_input", $"{plan.Capability} needs {missing}; nothing before gave it.");
    }

    private static bool WasPassedOver(RunWork work, PlanStep plan, StepSnapshot step)
    {
        if (RunScope.Json(step.Item) is JsonObject item && Values.Text(item["state"]) == "skipped") return true;
        return work.Graph.Ancestors(plan.Id).Any(id => work.Get(id).IsPassedOver || work.Parts(id).Any(part => part.IsPassedOver));
    }
}
