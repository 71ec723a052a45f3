namespace Pipeline.House.Tests;

/// <summary>A rule of the house: it names every offender and says what to do.</summary>
internal static class Rule
{
    public static void Holds(IEnumerable<string> offenders, string whatToDo)
    {
        var all = offenders.Distinct().ToList();
        Assert.True(all.Count == 0, $"{whatToDo}\n  {string.Join("\n  ", all)}");
    }
}
