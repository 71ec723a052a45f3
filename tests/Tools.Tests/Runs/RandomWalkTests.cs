using System.Text.Json.Nodes;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Tests.Runs;

/// <summary>
/// Thousands of random plans under random events: workers that finish, fail, vanish, come back late and repeat themselves, time
/// that jumps, people that pause, retry, skip and cancel. After every event the promises of a run are held against its rows.
/// </summary>
public sealed class RandomWalkTests
{
    private const int Plans = 4_000;

    [Fact]
    public void Every_run_ends_and_keeps_its_promises()
    {
        var outcomes = new Dictionary<RunState, int>();
        for (var seed = 0; seed < Plans; seed++)
        {
            var state = new Walk(seed).ToTheEnd();
            outcomes[state] = outcomes.GetValueOrDefault(state) + 1;
        }

        // A walk that never reached one of the ends would not have tried much.
        Assert.All(new[] { RunState.Succeeded, RunState.Failed, RunState.Cancelled }, state => Assert.True(outcomes.GetValueOrDefault(state) > 20, $"{state}: {outcomes.GetValueOrDefault(state)}"));
    }

    private sealed class Walk(int seed)
    {
        private readonly Random _random = new(seed);
        private readonly Dictionary<string, int> _accepted = new(StringComparer.Ordinal);
        private readonly List<(string Step, long Generation)> _claims = [];
        private RunSnapshot _run = null!;
        private long _nowMs = 1_000_000;
        private int _retriesLeft = 2;

        public RunState ToTheEnd()
        {
            _run = RunSnapshot.New("r", RandomPlan.Make(_random));
            Do(new RunStarted());
            for (var turn = 0; ; turn++)
            {
                if (_run.State is not (RunState.Running or RunState.Paused) && (_retriesLeft == 0 || !TryReopen())) break;
                Assert.True(turn < 5_000, $"Seed {seed} does not end: {string.Join(", ", _run.Steps.Values.Select(step => $"{step.StepId} {StepMachine.Say(step)}"))}");
                Turn();
            }

            Assert.All(_run.Steps.Values, step => Assert.True(step.IsSettled, $"Seed {seed}: {step.StepId} is {StepMachine.Say(step)}"));
            Assert.All(_run.Steps.Values.Where(IsWork), step => Assert.Equal(step.State == StepState.Succeeded && step.Repairs == step.RepairsForgiven ? 1 : 0, AcceptedNow(step)));
            return _run.State;
        }

        // What was accepted for a step before it was sent to a repair is not its accepted result.
        private int AcceptedNow(StepSnapshot step) => step.State == StepState.Succeeded && step.Repairs > step.RepairsForgiven ? 0 : _accepted.GetValueOrDefault(step.StepId);

        private bool IsWork(StepSnapshot step) => step.StepId != step.BaseId || (_run.Graph.Step(step.BaseId).ForEach is null && !_run.Graph.IsRepair(step.BaseId));

        private void Turn()
        {
            var ready = _run.Steps.Values.Where(step => IsWork(step) && StepMachine.IsClaimable(step, _nowMs)).ToList();
            var waiting = _run.Steps.Values.Where(step => step is { State: StepState.Waiting, Reason: Reasons.Approval }).ToList();
            if (waiting.Count > 0 && _random.Next(3) == 0)
            {
                Decide(waiting[_random.Next(waiting.Count)]);
                return;
            }

            var dice = _random.Next(100);
            if (dice < 40 && ready.Count > 0 && _run.State == RunState.Running) Claim(ready[_random.Next(ready.Count)]);
            else if (dice < 80 && _claims.Count > 0) Report(_claims[_random.Next(_claims.Count)], dice);
            else if (dice < 92) Jump();
            else if (dice < 94) Do(_run.State == RunState.Paused ? new RunResumed() : new RunPaused());
            else if (dice < 95 && _random.Next(4) == 0) Do(new RunCancelled());
            else if (dice < 97) Try(new StepSkipped(_run.Steps.Keys.ElementAt(_random.Next(_run.Steps.Count))));
            else if (_run.State == RunState.Paused) Do(new RunResumed());
        }

        private void Claim(StepSnapshot step)
        {
            var plan = _run.Graph.Step(step.BaseId);
            Do(new StepClaimed(step.StepId, "w", _random.Next(1, 20_000)));
            var claimed = _run.Steps[step.StepId];
            Assert.Equal(step.Generation + 1, claimed.Generation);
            // Nothing is handed out before enough of what it needs is done.
            if (plan.Join is null && step.SourceId is null) Assert.All(plan.Needs, need => Assert.True(_run.Steps[need].IsSatisfied, $"Seed {seed}: {step.StepId} before {need}"));
            Assert.NotNull(claimed.Inputs);
            _claims.Add((step.StepId, claimed.Generation));
        }

        private void Report((string Step, long Generation) claim, int dice)
        {
            var before = _run.Steps[claim.Step];
            var isCurrent = before.State == StepState.Claimed && before.Generation == claim.Generation;
            RunEvent report = dice % 4 == 0
                ? new StepFailed(claim.Step, claim.Generation, "broken", "It broke.", _random.Next(3) > 0, "model-" + _random.Next(3))
                : new StepCompleted(claim.Step, claim.Generation, new JsonObject { ["v"] = _random.Next(10), ["asset"] = "film/a.mp4" + (_random.Next(8) > 0 ? "@1" : "") }, new JsonObject { ["m"] = _random.NextDouble() });
            if (isCurrent)
            {
                Do(report);
                if (_run.Steps[claim.Step].State == StepState.Succeeded) _accepted[claim.Step] = _accepted.GetValueOrDefault(claim.Step) + 1;
                return;
            }

            // Repeated, it is answered; late, it is refused; in neither case does anything change.
            try
            {
                Assert.Empty(RunMachine.Advance(_run, report, _nowMs, 0.5));
                Assert.Equal(claim.Generation, before.ReportedGeneration);
            }
            catch (SupersededError)
            {
                Assert.False(StepMachine.WasTaken(before, claim.Generation));
            }
        }

        private void Decide(StepSnapshot step)
        {
            var isOfResult = Approving.IsOfResult(step);
            Assert.NotEqual(isOfResult, Approving.IsOfCost(step));
            if (_random.Next(3) > 0)
            {
                Do(new StepApproved(step.StepId));
                Assert.Equal(isOfResult ? StepState.Succeeded : StepState.Ready, _run.Steps[step.StepId].State);
                if (isOfResult) _accepted[step.StepId] = _accepted.GetValueOrDefault(step.StepId) + 1;
                return;
            }

            Do(new StepRejected(step.StepId, "again"));
            Assert.Equal(isOfResult && step.Failures + 1 < _run.Graph.Step(step.BaseId).Retry.MaxAttempts ? StepState.Ready : StepState.Failed, _run.Steps[step.StepId].State);
        }

        private void Jump()
        {
            _nowMs += _random.Next(1, 15_000);
            Do(new TimePassed());
        }

        private bool TryReopen()
        {
            _retriesLeft--;
            var failed = _run.Steps.Values.Where(step => step.State == StepState.Failed && IsWork(step) && step.SourceId is null).ToList();
            return _run.State == RunState.Failed && failed.Count > 0 && Try(new StepRetried(failed[_random.Next(failed.Count)].StepId));
        }

        private bool Try(RunEvent happened)
        {
            try
            {
                Do(happened);
                return true;
            }
            catch (ToolError refused)
            {
                Assert.Equal("invalid_state", refused.Code);
                return false;
            }
        }

        private void Do(RunEvent happened)
        {
            var changes = RunMachine.Advance(_run, happened, _nowMs, _random.NextDouble());
            foreach (var change in changes.OfType<StepChanged>())
            {
                Assert.True(change.Before is null || change.Step.Generation >= change.Before.Generation);
                if (change.Before is not { IsSettled: true }) continue;
                // Only people open what is over.
                Assert.True(happened is StepRetried or StepSkipped, $"Seed {seed}: {change.Step.StepId} moved by {happened}");
            }

            _run = _run.With(changes);
            Assert.All(_run.Steps.Values.Where(step => step.State == StepState.Claimed), step => Assert.NotNull(step.LeaseExpiresMs));
        }
    }
}
