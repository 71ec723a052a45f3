using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.House.Tests;

public sealed partial class NamingRules
{
    [Fact]
    public void Nothing_is_named_after_being_useful() => Rule.Holds(
        Tree.Files.Where(path => path.StartsWith("src/", StringComparison.Ordinal) || path.StartsWith("tests/", StringComparison.Ordinal))
            .Where(path => path.Split('/').Any(part => Useful().IsMatch(part)))
            .Concat(from file in Tree.Sources from type in file.All<BaseTypeDeclarationSyntax>() where Useful().IsMatch(type.Identifier.Text) select file.At(type)),
        "Managers, Helpers, Utils and Common say nothing. Name what the thing is in the domain.");

    [Fact]
    public void A_file_is_named_after_what_stands_in_it() => Rule.Holds(
        from file in Tree.Sources
        let names = file.All<BaseTypeDeclarationSyntax>().Select(type => type.Identifier.Text).Concat(file.All<DelegateDeclarationSyntax>().Select(type => type.Identifier.Text)).ToList()
        where names.Count > 0 && !names.Contains(file.Name.Split('.')[0]) && file.Name != "Program"
        select $"{file.Path} holds {string.Join(", ", names)}",
        "Name the file after its type, or move the type to a file of its own.");

    [Fact]
    public void A_namespace_is_its_folder() => Rule.Holds(
        from file in Tree.Sources
        where file.Folders.Length >= 2 && file.Folders[0] is "src" or "tests"
        let expected = "Pipeline." + string.Join('.', file.Folders[1..])
        from space in file.All<BaseNamespaceDeclarationSyntax>()
        where space.Name.ToString() != expected && !(file.Name.EndsWith("Slice", StringComparison.Ordinal) && space.Name.ToString() == "Pipeline.Tools") // they extend the host
        select $"{file.At(space)}: {space.Name}, expected {expected}",
        "Move the file or correct its namespace.");

    [Fact]
    public void A_quantity_ends_in_its_unit() => Rule.Holds(
        from file in Tree.Product
        from named in file.All<PropertyDeclarationSyntax>().Select(property => (Node: (Microsoft.CodeAnalysis.SyntaxNode)property, Type: (TypeSyntax?)property.Type, Name: property.Identifier.Text))
            .Concat(file.All<ParameterSyntax>().Select(parameter => (Node: (Microsoft.CodeAnalysis.SyntaxNode)parameter, parameter.Type, Name: parameter.Identifier.Text)))
        where Number().IsMatch(named.Type?.ToString() ?? "") && Quantity().IsMatch(named.Name) && !Unit().IsMatch(named.Name)
        select $"{file.At(named.Node)}: {named.Name}",
        "Say the unit last: ttl_seconds, CostMicros, SizeBytes.");

    [GeneratedRegex("(Managers?|Helpers?|Utils?|Utilit(y|ies)|Commons?)(\\.|$)")]
    private static partial Regex Useful();

    [GeneratedRegex(@"^(int|long|double|float|decimal|uint|ulong)\??$")]
    private static partial Regex Number();

    [GeneratedRegex("(ttl|timeout|duration|wait|lease|delay|latency|elapsed|backoff|cost|price)$", RegexOptions.IgnoreCase)]
    private static partial Regex Quantity();

    [GeneratedRegex("(seconds|ms|micros|minutes|hours|days|bytes)$", RegexOptions.IgnoreCase)]
    private static partial Regex Unit();
}
