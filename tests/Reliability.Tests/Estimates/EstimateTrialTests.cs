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
            var (one, warmUp, many) = (await trial.ChainAsync("one", 1), await trial.WarmUpAsync(3), await trial.ChainAsync("many", 6));

            Assert.All([one, warmUp, many], run => Assert.Equal(run.ExpectedMicros, run.Micros));
            Assert.Equal(one.Micros + warmUp.Micros + many.Micros, trial.BilledMicros);
            Assert.True(many.ExpectedSeconds > one.ExpectedSeconds && many.Seconds > one.Seconds, $"{one}\n{many}");
            Assert.Equal(one.CardSeconds, one.ExpectedSeconds); // nothing had been seen yet
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
