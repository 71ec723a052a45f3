using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.House.Tests;

public sealed partial class HonestyRules
{
    [Fact]
    public void Nothing_is_left_for_later() => Rule.Holds(
        from file in Tree.Sources
        where file.Name != nameof(HonestyRules)
        from Match match in Later().Matches(file.Text)
        select $"{file.Path}: {match.Value}",
        "Do it now or leave it out: what is in the tree is finished.");

    [Fact]
    public void No_test_is_skipped() => Rule.Holds(
        from file in Tree.Under("tests/")
        from attribute in file.All<AttributeSyntax>()
        where attribute.ArgumentList?.Arguments.Any(argument => argument.NameEquals?.Name.ToString() is "Skip" or "Explicit") == true
        select file.At(attribute),
        "A test that cannot run here fails or is not there; one that needs a service says so by its trait, needs=services.");

    [Fact]
    public void No_warning_is_switched_off_in_the_code() => Rule.Holds(
        from file in Tree.Sources
        where file.Name != nameof(HonestyRules) && (file.Text.Contains("#pragma warning disable", StringComparison.Ordinal) || file.Text.Contains("[SuppressMessage", StringComparison.Ordinal))
        select file.Path,
        "Mend what the analyzer found; a rule that is truly of no use is switched off once, in .editorconfig, for all.");

    [Fact]
    public void Nothing_opens_its_insides_to_tests() => Rule.Holds(
        Tree.Files.Where(path => path.EndsWith(".csproj", StringComparison.Ordinal) || path.EndsWith(".cs", StringComparison.Ordinal))
            .Where(path => !path.EndsWith(nameof(HonestyRules) + ".cs", StringComparison.Ordinal) && Tree.Read(path).Contains("InternalsVisibleTo", StringComparison.Ordinal)),
        "Tests use the public door. Make a pure core public, or test it through its tool.");

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException")]
    private static partial Regex Later();
}
