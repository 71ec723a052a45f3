using System.Text.Json.Nodes;
using Pipeline.Tools.Plans;
using Pipeline.Tools.Plans.Expressions;

namespace Pipeline.Tools.Runs;

/// <summary>What one step may do, alone. Pure: time and chance come from outside. Times are unix milliseconds.</summary>
public static class StepMachine
{
    /// <summary>After so many claims whose worker vanished, the step is taken to be what kills them.</summary>
    public const int MaxLostClaims = 20;

    /// <summary>The error code with which a worker that ends gives a step back: it is ready again at once, and no attempt was made.</summary>
    public const string GivenBack = "worker_stopped";

    private const double MaxBackoffMs = 3_600_000;

    /// <summary>Whether a worker may claim it now.</summary>
    public static bool IsClaimable(StepSnapshot step, long nowMs) =>
        step.State == StepState.Ready || (step is { State: StepState.Waiting, Reason: Reasons.Backoff } && step.NotBeforeMs <= nowMs);

    /// <summary>Hands it to a worker under a new generation.</summary>
    public static StepSnapshot Claim(StepSnapshot step, PlanStep plan, string worker, long leaseMs, long nowMs)
    {
        if (!IsClaimable(step, nowMs)) throw new InvalidStateError($"Step '{step.StepId}' cannot be claimed: it is {Say(step)}.", Say(step));
        var deadline = nowMs + (long)(plan.TimeoutSeconds * 1_000);
        return step with
        {
            State = StepState.Claimed,
            Reason = null,
            Generation = step.Generation + 1,
            Worker = worker,
            NotBeforeMs = null,
            DeadlineMs = deadline,
            LeaseExpiresMs = Math.Min(nowMs + leaseMs, deadline),
        };
    }

    /// <summary>Prolongs the lease, never beyond the attempt's deadline. A lease that ran out unnoticed is taken up again.</summary>
    public static StepSnapshot Renew(StepSnapshot step, long generation, long leaseMs, long nowMs)
    {
        Hold(step, generation);
        return step with { LeaseExpiresMs = Math.Min(nowMs + leaseMs, step.DeadlineMs ?? long.MaxValue) };
    }

    /// <summary>Takes a result; <paramref name="gate"/> is the bar it must reach.</summary>
    public static StepSnapshot Complete(StepSnapshot step, PlanStep plan, QualityGate? gate, StepCompleted report, long nowMs, double jitter)
    {
        Hold(step, report.Generation);
        var done = Released(step) with
        {
            State = StepState.Succeeded,
            ReportedGeneration = report.Generation,
            Outputs = (report.Outputs ?? []).ToJsonString(),
            Metrics = (report.Metrics ?? []).ToJsonString(),
            Model = report.Model ?? step.Model,
            ErrorCode = null,
            ErrorMessage = null,
        };
        if (gate is null || Shortfall(gate, report.Metrics) is not { } shortfall)
            return Approving.NeedsResult(plan) && Approving.Version(done) is null
                ? TryAgain(done, plan, "no_version", "A human is to approve the result, and outputs.asset names no version of an asset.", report.Model, 0, nowMs, jitter)
                : Approving.Asked(done, plan);
        return gate.OnFail switch
        {
            QualityAction.RouteTo => done with { State = StepState.Waiting, Reason = Reasons.Repair, ErrorCode = "quality_below_min", ErrorMessage = shortfall },
            QualityAction.Retry => TryAgain(done, plan, "quality_below_min", shortfall, report.Model, 0, nowMs, jitter),
            _ => Failed(done, "quality_below_min", shortfall),
        };
    }

    /// <summary>Takes a failure: another attempt later when the rule allows one, the end otherwise.</summary>
    public static StepSnapshot Fail(StepSnapshot step, PlanStep plan, StepFailed report, long nowMs, double jitter)
    {
        Hold(step, report.Generation);
        var reported = Released(step) with { ReportedGeneration = report.Generation };
        if (report is { Retryable: true, Code: GivenBack }) return Lost(reported);
        return report.Retryable
            ? TryAgain(reported, plan, report.Code, report.Message, report.Model, report.RetryAfterMs, nowMs, jitter)
            : Failed(reported, report.Code, report.Message);
    }

    /// <summary>Takes a worker's word that there is nothing to do.</summary>
    public static StepSnapshot PassOver(StepSnapshot step, StepPassedOver report)
    {
        Hold(step, report.Generation);
        var reason = report.Reason is Reasons.NeedFailed or "" ? Reasons.Condition : report.Reason;
        return Released(step) with { State = StepState.Skipped, Reason = reason, ReportedGeneration = report.Generation };
    }

    /// <summary>What time alone does to it; the same step when nothing.</summary>
    public static StepSnapshot Pass(StepSnapshot step, PlanStep plan, long nowMs, double jitter)
    {
        if (step is { State: StepState.Waiting, Reason: Reasons.Backoff } && step.NotBeforeMs <= nowMs) return step with { State = StepState.Ready, Reason = null, NotBeforeMs = null };
        if (step.State != StepState.Claimed) return step;
        if (step.DeadlineMs <= nowMs) return TryAgain(Released(step), plan, "timeout", FormattableString.Invariant($"Not done within {plan.TimeoutSeconds} s."), null, 0, nowMs, jitter);
        if (step.LeaseExpiresMs > nowMs) return step;
        return Lost(Released(step));
    }

    /// <summary>Whether this very report was taken already, so that sending it again is answered and changes nothing.</summary>
    public static bool WasTaken(StepSnapshot step, long generation) =>
        generation > 0 && step.ReportedGeneration == generation && step.Generation == generation && step.State != StepState.Claimed;

    /// <summary>A state with its reason, for people.</summary>
    public static string Say(StepSnapshot step) => step.State.ToString().ToLowerInvariant() + (step.Reason is null ? "" : $" ({step.Reason})");

    internal static StepSnapshot Failed(StepSnapshot step, string code, string message) =>
        step with { State = StepState.Failed, Reason = null, NotBeforeMs = null, ErrorCode = code, ErrorMessage = message };

    /// <summary>The step with nobody at it.</summary>
    internal static StepSnapshot Released(StepSnapshot step) => step with { Worker = null, LeaseExpiresMs = null, DeadlineMs = null, Reason = null };

    private static StepSnapshot Lost(StepSnapshot released)
    {
        var lost = released with { State = StepState.Ready, LostClaims = released.LostClaims + 1 };
        return lost.LostClaims < MaxLostClaims ? lost : Failed(lost, "worker_lost", $"{MaxLostClaims} workers claimed it and were not heard of again, or gave it back.");
    }

    private static void Hold(StepSnapshot step, long generation)
    {
        if (step.State != StepState.Claimed || step.Generation != generation) throw new SupersededError(step, generation);
    }

    private static StepSnapshot TryAgain(StepSnapshot step, PlanStep plan, string code, string message, string? model, long atLeastMs, long nowMs, double jitter)
    {
        var failures = step.Failures + 1;
        var models = model is null || step.FailedModels.Contains(model) ? step.FailedModels : [.. step.FailedModels, model];
        var failed = Failed(step, code, message) with { Failures = failures, FailedModels = models };
        if (failures >= plan.Retry.MaxAttempts) return failed;
        var restMs = Math.Max(atLeastMs, BackoffMs(plan.Retry, failures, jitter));
        return restMs == 0
            ? failed with { State = StepState.Ready }
            : failed with { State = StepState.Waiting, Reason = Reasons.Backoff, NotBeforeMs = nowMs + restMs };
    }

    // Doubles with every failure; between half and all of it by chance, so that workers that failed together do not return together.
    private static long BackoffMs(RetryRule rule, int failures, double jitter)
    {
        var full = Math.Min(MaxBackoffMs, rule.BackoffSeconds * 1_000 * Math.Pow(2, failures - 1));
        return (long)(full * (0.5 + (0.5 * Math.Clamp(jitter, 0, 1))));
    }

    private static string? Shortfall(QualityGate gate, JsonObject? metrics)
    {
        if (Values.Number(metrics?[gate.Metric]) is not { } value) return FormattableString.Invariant($"'{gate.Metric}' was not reported; at least {gate.Min} is asked.");
        return value >= gate.Min ? null : FormattableString.Invariant($"{gate.Metric} is {value}; at least {gate.Min} is asked.");
    }
}
