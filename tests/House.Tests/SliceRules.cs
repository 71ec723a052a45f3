using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.House.Tests;

public sealed class SliceRules
{
    private const string Slices = "src/Tools/";

    /// <summary>A slice calls only those before it.</summary>
    private static readonly List<string> Order =
    [
        "Contract", "Audit", "Events", "Idempotency", "Calls", "Workspaces", "Egress", "Costs", "Locks", "Assets", "Webhooks", "Search", "Media", "Ingest",
        "Models", "Plans", "Runs", "Routing", "Generation", "Presence",
    ];

    private static readonly ILookup<string, string> Types = (
        from file in Tree.Under(Slices)
        where file.Folders.Length > 2
        from type in file.All<BaseTypeDeclarationSyntax>()
        select (Slice: file.Folders[2], type.Identifier.Text)).ToLookup(pair => pair.Slice, pair => pair.Text);

    [Fact]
    public void Every_slice_has_its_place() => Rule.Holds(
        Tree.Under(Slices).Where(file => file.Folders.Length > 2 && !Order.Contains(file.Folders[2])).Select(file => Slices + file.Folders[2]),
        "Give the slice its place in the order, after everything that it calls, here and in docs/architecture.md.");

    [Fact]
    public void A_slice_calls_only_those_before_it() => Rule.Holds(
        from file in Tree.Under(Slices)
        where file.Folders.Length > 2
        let place = Order.IndexOf(file.Folders[2])
        from called in Called(file)
        where Order.IndexOf(called) > place
        select $"{file.Path} calls {called}",
        "Turn it round: the later slice contributes through Events, or through a small interface that the earlier one declares.");

    private static IEnumerable<string> Called(SourceFile file)
    {
        const string Prefix = "Pipeline.Tools.";
        var named = file.Syntax.DescendantNodes(descendIntoTrivia: true).OfType<QualifiedNameSyntax>().Select(name => name.ToString())
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..].Split('.')[0]);

        // Inside Pipeline.Tools a slice's name is enough: Locks.LocksTable.
        var halves = file.All<QualifiedNameSyntax>().Select(name => (Left: name.Left.ToString(), Right: name.Right.Identifier.Text))
            .Concat(file.All<MemberAccessExpressionSyntax>().Select(access => (Left: access.Expression.ToString(), Right: access.Name.Identifier.Text)))
            .Where(pair => Types[pair.Left].Contains(pair.Right)).Select(pair => pair.Left);
        return named.Concat(halves).Distinct();
    }
}
