using Pipeline.Reliability.Estimates;

namespace Pipeline.Reliability.Tests.Estimates;

public sealed class EstimateTrialTests
{
    [Fact]
    public async Task Plans_cost_what_was_expected_and_what_was_expected_to_take_longer_does()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-estimates-");
        try
        {
            await using var trial = await EstimateTrial.OpenAsync(folder.FullName, seed: 7);
            var (one, warmUp, many, last) = (await trial.ChainAsync("one", 1), await trial.WarmUpAsync(3), await trial.ChainAsync("many", 6), await trial.ChainAsync("last", 1));

            Assert.All([one, warmUp, many, last], run => Assert.Equal(run.ExpectedMicros, run.Micros));
            Assert.Equal(one.Micros + warmUp.Micros + many.Micros + last.Micros, trial.BilledMicros);
            Assert.True(many.ExpectedSeconds > one.ExpectedSeconds && many.Seconds > Math.Min(one.Seconds, last.Seconds), $"{one}\n{many}\n{last}"); // a machine that stands still makes one of them slow, not both
            Assert.Equal(one.CardSeconds, one.ExpectedSeconds); // nothing had been seen yet
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
