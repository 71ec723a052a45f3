using System.Text.RegularExpressions;
using Pipeline.Index;
using Pipeline.Storage.State;

namespace Pipeline.Tools.Tests.Serving;

/// <summary>Nodes of two versions stand side by side while a fleet is renewed: what the older one reads and writes stays.</summary>
public sealed partial class MigrationTests
{
    public static TheoryData<string> Names => [.. Tables.Select(table => table.Name).Distinct()];

    private static IEnumerable<Table> Tables => [.. Toolbox.Tables, .. SqliteSearchIndex.Tables, .. PostgresSearchIndex.Tables];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_migration_takes_nothing_away(string name) =>
        Assert.All(Tables.Where(table => table.Name == name).SelectMany(table => table.Migrations), script => Assert.DoesNotMatch(TakesAway(), script));

    [Theory]
    [InlineData("drop table model_rests")]
    [InlineData("alter table jobs drop column kind")]
    [InlineData("alter table jobs rename column kind to sort")]
    [InlineData("alter table jobs add column kind text not null")]
    public void What_would_is_seen(string script) => Assert.Matches(TakesAway(), script);

    // A column that must be given, and has no default, would refuse the older version's inserts.
    [GeneratedRegex(@"\bdrop\s+(table|column)\b|\brename\b|\bset\s+not\s+null\b|\badd\s+column\b(?=[^;,]*\bnot\s+null\b)(?![^;,]*\bdefault\b)", RegexOptions.IgnoreCase)]
    private static partial Regex TakesAway();
}
