namespace Pipeline.Reliability.Faults;

/// <summary>Draws what will happen, from the seed alone.</summary>
public static class FaultSchedule
{
    private const int HourMs = 3_600_000;

    /// <summary>The faults of <paramref name="length"/>, in order.</summary>
    public static IReadOnlyList<Fault> Draw(int seed, TimeSpan length, FaultMix mix)
    {
        var faults = new List<Fault>();
        foreach (var (kind, every) in mix.EverySeconds.OrderBy(pair => pair.Key))
        {
            // One stream of chance for each kind: adding a kind moves no other.
            var chance = new Random(unchecked((seed * 397) ^ ((int)kind + 1)));
            for (var at = Gap(chance, every); at < length.TotalSeconds; at += Gap(chance, every))
            {
                faults.Add(new(TimeSpan.FromSeconds(at), kind, chance.Next(), Amount(kind, chance, mix)));
            }
        }

        return [.. faults.OrderBy(fault => fault.At)];
    }

    private static double Gap(Random chance, double every) => every * (0.3 + (1.4 * chance.NextDouble()));

    private static int Amount(FaultKind kind, Random chance, FaultMix mix) => kind switch
    {
        FaultKind.PauseClient => (int)(mix.TtlSeconds * 1000 * (1 + (9 * chance.NextDouble()))),
        FaultKind.PauseServer => (int)(mix.ServerPauseSeconds * 1000 * chance.NextDouble()),
        FaultKind.JumpClock => chance.Next(-HourMs, HourMs),
        FaultKind.StrobeClock => chance.Next(1000, HourMs),
        FaultKind.LoseAnswers => chance.Next(50, 500),
        FaultKind.SlowObjects or FaultKind.FailObjects or FaultKind.FailDisk => chance.Next(1, 20),
        FaultKind.SlowDisk => chance.Next(5, 200),
        FaultKind.PauseNode => (int)(mix.TtlSeconds * 1000 * (2 + (2 * chance.NextDouble()))),
        FaultKind.CutOffNode => (int)(mix.TtlSeconds * 1000 * (1 + (5 * chance.NextDouble()))),
        FaultKind.EndSessions => chance.Next(10, 101),
        FaultKind.CrowdDatabase or FaultKind.FailStore or FaultKind.SlowStore => chance.Next(1000, 4000),
        _ => 0,
    };
}
