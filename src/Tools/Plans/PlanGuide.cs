using System.Globalization;
using System.Text;

namespace Pipeline.Tools.Plans;

/// <summary>Writes docs/plans.md from the code that checks plans, so that the two cannot disagree.</summary>
public static class PlanGuide
{
    private const string Words = """
        # Plans

        Written from the code (`UPDATE_SNAPSHOTS=1` rewrites it). A plan is a JSON document: steps, what each needs, what it takes.
        `create_plan` proves it before anything runs and returns everything that is wrong with it at once.

        ```json
        {"name": "find and mend", "steps": [
          {"id": "find",  "capability": "query",   "inputs": {"query": "${inputs.brief}"}},
          {"id": "cut",   "capability": "extract", "needs": ["find"], "for_each": "${steps.find.outputs.hits}",
                          "inputs": {"hit_id": "${item.hit_id}", "output": "film/cuts/${index}.mp4"},
                          "quality": {"metric": "sharpness", "min": 0.5, "on_fail": {"route_to": "mend", "max": 2}}},
          {"id": "mend",  "capability": "sharpen", "inputs": {"asset": "${source.outputs.asset}", "output": "film/mended/${index}.mp4"}},
          {"id": "final", "capability": "compose", "needs": ["cut"],
                          "inputs": {"clips": "${steps.cut.items[*].outputs.asset}", "output": "film/final.mp4"}}]}
        ```

        ## A step
        | field | meaning |
        | --- | --- |
        | id | lower-case letter, then letters, digits, `_`, `-`; at most 64. At most 500 steps. |
        | capability | one of those below, or `x-...`: free, claimed by whoever offers it, unchecked |
        | needs | the steps that must be done first |
        | inputs | literal values, and texts with `${...}` |
        | when | a condition; false or null skips the step. For every item of a fan-out by itself |
        | for_each | a list expression or a list, at most 1,000 items: the step is done once for each, as `id[0]`, `id[1]`, ... |
        | join | how many of its needs must succeed: `"all"` (default), `"any"`, or a number |
        | retry | `max_attempts` 1-20 (default 3), `backoff_seconds` 0-3600 (default 1; doubles each time, spread by chance) |
        | timeout_seconds | of one attempt, 1-86400 (default 3600) |
        | tier, models | draft, delivery or premium; the preferred model, then fallbacks |
        | rules | `[{"when", "prefer"?, "exclude"?, "tier"?}]`, at most 20, in a step or for the whole plan: which model, by what is known when the step is routed ([routing](routing.md)) |
        | quality | `metric`, `min`, `on_fail`: `"retry"`, `"fail"` (default) or `{"route_to", "max"}` (max 1-10) |
        | approval | `true` or `{"of": "result"}`: a human approves the result; `{"above_micros": N}`: a step estimated to cost more waits for one before it may be claimed |
        | expect | for the estimate only: `probability`, `items`, `media_seconds` |

        ## How a run goes
        - **Condition.** A step whose `when` is not met is skipped, and those who need it go on. What takes a required input from a
          skipped step, and from nowhere else, is skipped in turn. So `cut -> mend (when it is bad) -> final (needs both)` works with
          `coalesce(steps.mend.outputs.asset, steps.cut.outputs.asset)`, item by item with `coalesce_each(list, list)`.
        - **Fan-out.** An empty list, or null, succeeds with no items. Others see `steps.id.items`, a list of {state, outputs, metrics,
          item, index, error?} in order; the step itself is done when all items are, and failed when one failed.
        - **Join.** `"all"`: nothing failed, everything is done. `"any"` or N: as soon as so many results succeeded; a fan-out counts
          as its items. When that can no longer be reached the step is skipped: as `need_failed` if something failed.
        - **Failure.** Those who need a failed step are skipped as `need_failed`, other branches go on. The run has failed when a step
          that nobody needs, or a deliverable, did not succeed. `control_run` retries or skips the failed step and the run goes on.
        - **Repair.** A result below `min` with `route_to` makes its step wait while the named step is done for it, with `source` (the
          result so far: outputs, metrics) in its inputs, and with the `item` and `index` of the result it mends. The repair is judged by its own `quality`, else by the bar it was routed for.
          When it passes, its outputs and metrics take the place of the step's. When not, the next repair starts from it, `max` times; then the step has failed.
          A repair step runs only when routed to, has no `when`, `for_each` or `join`, and may need only what comes before every step that routes to it.

        - **Approval.** With `approval: true` a step whose result is good waits (`waiting`, reason `approval`) until `approve_step` names exactly the version in its `outputs.asset`;
          what needs it stays blocked. If the asset has moved on since, the answer is `stale_version`. Rejected, it is done again at once with the note as its input `note`, as long as
          `retry` leaves attempts, and has failed after the last; what it cost is then waste. With `above_micros` the step waits before it is claimed; rejected, it has failed.
          Whoever made the result, as principal, cannot approve it, nor can a run's starter or the step's worker approve what it may cost; an admin may always.
        - **What stays.** `deliverables` names steps, or expressions such as `"${steps.final.outputs.asset}"`. In a plan that names some, everything else that was written under a
          claim of the run expires `intermediates_hours` after the run has ended (0-87600; the server's 24 if left out): the version is gone, its line in the history stays, and bytes
          that nothing else holds are cleaned away. A version stays while its path is locked, its metadata says `"pinned": true`, something was made from it outside the run, or another run
          that is not over names it. A path that anyone has written without a claim is left alone. `get_run` and the events `asset.expired` and `run.intermediates_expired` tell.

        ## For workers
        - **Claim.** `claim_step` gives the step of a running run that has been ready for longest, with its inputs worked out, a lease and a
          `generation`. Renew before the lease ends; `renew_step` never goes beyond `deadline_at`. The same `idempotency_key` gives the same claim while it lives.
        - **Write** with `claim: {run_id, step_id, generation}`: once the claim has passed to another, the write is refused as `superseded`.
        - **Report once**: `complete_step` or `fail_step`. The same report again changes nothing. A late one is `superseded`: drop the work. `cost_micros` is what the
          step cost in all, what `generate_media` bought for it included: only what goes beyond that is added ([money](money.md#what-a-worker-reports)). A late one's is listed as waste.
        - **Nothing to do here** (no recogniser, say): `complete_step` with `outputs: {"skipped": "no_transcriber"}`. The step is skipped with that reason, those
          who need it go on.
        - **Failure**: `fail_step` with `error: {code, message?, retry_after_seconds?}`. With `retryable` the step rests and is tried again as its `retry` says, with another model
          where there is one; without, it has failed. The code
          `worker_stopped` gives the step back: it is ready again at once, no attempt is counted, and what was bought for it is still wanted.
        - **Model**: `route_step` with run_id and step_id, then name `decision_id` in the report. It keeps to the run's budget and passes over models that failed the step before.

        ## Expressions
        `${...}` in inputs; bare or wrapped in `when` and `for_each`. A text that is wholly one expression keeps the value's type;
        otherwise values are written into the text, null as nothing. `$${` is a literal `${`.

        | | |
        | --- | --- |
        | names | `inputs.x`; `event.x` (what started the run); `steps.ID.state`, `.outputs.x`, `.metrics.x`, `.error.code`, `.items`; `item` and `index` in a fan-out; `source` in a repair |
        | paths | `a.b`, `a["b"]`, `a[0]`, `a[*].b` (the list of every `b`) |
        | operators | `== != < <= > >=`, `&& \|\| !`, `+ - * /`, parentheses; blanks around minus, for names may hold hyphens |
        | literals | numbers, `'text'` or `"text"`, `true`, `false`, `null` |
        | functions | `length(x)`, `contains(whole, part)`, `min(...)`, `max(...)`, `coalesce(a, b, ...)`, `coalesce_each(list, list, ...)` |

        A step may name only steps that it needs, directly or through others. A path that leads nowhere is null. Null equals only
        null, is neither less nor more than anything, counts as false, and makes arithmetic null. Comparing or adding values of
        the wrong kind is an error, and the step fails with `bad_expression`. At most 2,000 characters, 32 levels, 300 parts.

        ## Capabilities
        """;

    /// <summary>The whole document.</summary>
    public static string Write()
    {
        var text = new StringBuilder(Words).Append('\n');
        foreach (var capability in Capabilities.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {capability.Name}\n{capability.Summary} Done with `{capability.Tool}`.\n\n");
            text.Append("| | name | type | |\n| --- | --- | --- | --- |\n");
            foreach (var field in capability.Inputs) Row(text, capability.OneOf.Any(group => group.Contains(field.Name)) ? "takes, one of" : field.Required ? "takes" : "may take", field);
            foreach (var field in capability.Outputs) Row(text, "gives", field);
            foreach (var field in capability.Metrics) Row(text, "measures", field);
            if (capability.OneOf.Count > 0) text.Append(CultureInfo.InvariantCulture, $"\nOne of: {string.Join("; ", capability.OneOf.Select(group => string.Join(" with ", group)))}.\n");
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, string use, Field field) =>
        text.Append(CultureInfo.InvariantCulture, $"| {use} | {field.Name} | {InputProof.Say(field.Type)} | {field.Summary} |\n");
}
