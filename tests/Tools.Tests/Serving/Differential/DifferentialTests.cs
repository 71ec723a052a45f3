using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Tools.Tests.Serving.Differential;

/// <summary>
/// The same seeded tool calls through the same door on SQLite and on PostgreSQL are answered the same. PIPELINE_TEST_SEQUENCES says how many sequences
/// (20 if it does not), PIPELINE_TEST_SEED the first seed.
/// </summary>
[Trait("needs", "services")]
public sealed partial class DifferentialTests(ITestOutputHelper output)
{
    private const int Length = 40;

    [Fact]
    public async Task Both_back_ends_answer_alike()
    {
        var (count, first) = (Setting("PIPELINE_TEST_SEQUENCES", 20), Setting("PIPELINE_TEST_SEED", 1));
        await using var files = await Actor.OpenAsync(onServices: false);
        await using var services = await Actor.OpenAsync(onServices: true);
        long calls = 0, refused = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            var expected = await new OperationSequence(seed, files).RunAsync(Length);
            var actual = await new OperationSequence(seed, services).RunAsync(Length);
            for (var n = 0; n < Math.Max(expected.Count, actual.Count); n++)
            {
                Assert.True(n < expected.Count && n < actual.Count && expected[n] == actual[n],
                    $"seed {seed}, call {n}:\nSQLite     {expected.ElementAtOrDefault(n)}\nPostgreSQL {actual.ElementAtOrDefault(n)}\nafter {expected.ElementAtOrDefault(n - 1)}");
            }

            calls += expected.Count;
            refused += expected.Count(line => Refused().IsMatch(line));
        }

        output.WriteLine($"{count} sequences from seed {first}: {calls} calls alike, {refused} of them refusals");
        Assert.InRange(refused, 1, calls - 1); // else it compares nothing
    }

    private static int Setting(string name, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var given) ? given : otherwise;

    [GeneratedRegex(@"(^|\w )refused ")]
    private static partial Regex Refused();
}
