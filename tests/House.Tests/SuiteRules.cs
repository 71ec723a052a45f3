using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.House.Tests;

public sealed class SuiteRules
{
    private static readonly (string Port, string Source, string Tests)[] Ports =
    [
        ("IDatabase", "src/Storage/State/", "tests/Storage.Tests/State/"),
        ("IObjectStore", "src/Storage/Objects/", "tests/Storage.Tests/Objects/"),
        ("ISearchIndex", "src/Index/", "tests/Index.Tests/"),
    ];

    [Fact]
    public void No_back_end_skips_a_suite() => Rule.Holds(
        from port in Ports
        let ends = Tree.Under(port.Source).SelectMany(file => file.All<ClassDeclarationSyntax>()).Where(type => Bases(type).Contains(port.Port)).Select(type => type.Identifier.Text)
        let types = Tree.Under(port.Tests).SelectMany(file => file.All<ClassDeclarationSyntax>()).ToList()
        from end in ends
        from suite in types.Where(IsSuite)
        where !types.Any(type => !type.Modifiers.Any(SyntaxKind.AbstractKeyword) && Bases(type).Contains(suite.Identifier.Text) && Names(type, end))
        select $"{end} skips {suite.Identifier.Text} ({port.Tests})",
        "Derive a class from the suite for the back end; a promise of the port is a promise of each of them.");

    [Fact]
    public void Every_port_has_back_ends_and_suites() => Rule.Holds(
        from port in Ports
        where !Tree.Under(port.Source).SelectMany(file => file.All<ClassDeclarationSyntax>()).Any(type => Bases(type).Contains(port.Port))
            || !Tree.Under(port.Tests).SelectMany(file => file.All<ClassDeclarationSyntax>()).Any(IsSuite)
        select port.Port,
        "The rule above looks in the wrong place.");

    private static bool IsSuite(ClassDeclarationSyntax type) =>
        type.Modifiers.Any(SyntaxKind.AbstractKeyword) && type.Identifier.Text.EndsWith("Suite", StringComparison.Ordinal)
        && type.Members.OfType<MethodDeclarationSyntax>().Any(method => method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory"));

    // By its name, or that of the class around it: SqliteSearchIndexTests, PostgresSuites.Transactions.
    private static bool Names(ClassDeclarationSyntax type, string end)
    {
        var engine = string.Concat(end.TakeWhile((letter, place) => place == 0 || !char.IsAsciiLetterUpper(letter)));
        return type.Ancestors().OfType<ClassDeclarationSyntax>().Append(type).Any(around => around.Identifier.Text.StartsWith(engine, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Bases(ClassDeclarationSyntax type) => type.BaseList?.Types.Select(based => based.Type.ToString()) ?? [];
}
