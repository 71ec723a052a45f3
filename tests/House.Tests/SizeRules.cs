using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.House.Tests;

public sealed class SizeRules
{
    [Fact]
    public void No_file_is_longer_than_400_lines() => Rule.Holds(
        Tree.Sources.Where(file => file.Lines > 400).Select(file => $"{file.Path}: {file.Lines} lines"),
        "Split these files: each is more than one thing. Give each thing its own name and file.");

    [Fact]
    public void Nine_files_in_ten_are_within_200_lines()
    {
        var long200 = Tree.Product.Where(file => file.Lines > 200).Select(file => $"{file.Path}: {file.Lines} lines").ToList();
        Rule.Holds(long200.Count * 10 > Tree.Product.Count() ? long200 : [], "More than one file in ten is over 200 lines. Split some of these.");
    }

    [Fact]
    public void The_median_file_is_within_60_lines()
    {
        var lines = Tree.Product.Select(file => file.Lines).Order().ToList();
        var median = lines[lines.Count / 2];
        Rule.Holds(median > 60 ? [$"median: {median} lines"] : [], "Half the files are over 60 lines. Split the areas among them into things.");
    }

    [Fact]
    public void No_method_is_longer_than_70_lines()
    {
        var methods =
            from file in Tree.Sources
            from member in file.All<BaseMethodDeclarationSyntax>().Cast<Microsoft.CodeAnalysis.SyntaxNode>()
                .Concat(file.All<LocalFunctionStatementSyntax>()).Concat(file.All<AccessorDeclarationSyntax>())
            let span = member.SyntaxTree.GetLineSpan(member.Span)
            let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
            where lines > 70
            select $"{file.At(member)}: {lines} lines";
        Rule.Holds(methods, "Take a named step out of these methods; each does more than one thing.");
    }
}
