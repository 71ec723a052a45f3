using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.House.Tests;

public sealed partial class TableRules
{
    private static readonly string[] Owners = ["src/Tools/", "src/Index/"];

    private static readonly List<SourceFile> Tables = [.. Owners.SelectMany(Tree.Under).Where(file => file.Name.EndsWith("Table", StringComparison.Ordinal))];

    [Fact]
    public void Sql_stands_in_tables_only() => Rule.Holds(
        from file in Owners.SelectMany(Tree.Under)
        where !file.Name.EndsWith("Table", StringComparison.Ordinal) && file.Path != "src/Index/QueryFilter.cs" // it writes a filter's conditions for the text table
        from text in Texts(file)
        where Sql().IsMatch(text.Text)
        select $"{file.At(text.Node)}: {text.Text.Trim()}",
        "Move the statement into the *Table.cs of its table and give it a name there.");

    [Fact]
    public void A_table_belongs_to_one_file() => Rule.Holds(
        from made in Tables.SelectMany(file => Texts(file).SelectMany(text => Created().Matches(text.Text).Select(match => (File: file, Table: match.Groups[1].Value))))
        group made.File.Path by made.Table into owners
        where owners.Distinct().Count() > 1
        select $"{owners.Key}: {string.Join(", ", owners.Distinct())}",
        "One file holds everything about a table: its migrations and all its statements.");

    [Fact]
    public void Only_a_tables_own_file_writes_it()
    {
        var owner = Tables.SelectMany(file => Texts(file).SelectMany(text => Created().Matches(text.Text).Select(match => (Table: match.Groups[1].Value, file.Path))))
            .DistinctBy(pair => pair.Table).ToDictionary(pair => pair.Table, pair => pair.Path);
        Rule.Holds(
            from file in Owners.SelectMany(Tree.Under)
            from text in Texts(file)
            from Match written in Written().Matches(text.Text)
            where owner.TryGetValue(written.Groups[1].Value, out var own) && own != file.Path
            select $"{file.At(text.Node)} writes {written.Groups[1].Value}",
            "Call a method of the table's own file instead.");
    }

    private static IEnumerable<(Microsoft.CodeAnalysis.SyntaxNode Node, string Text)> Texts(SourceFile file) =>
        file.All<LiteralExpressionSyntax>().Where(literal => literal.Token.Value is string).Select(literal => ((Microsoft.CodeAnalysis.SyntaxNode)literal, (string)literal.Token.Value!))
            .Concat(file.All<InterpolatedStringExpressionSyntax>().Select(text => ((Microsoft.CodeAnalysis.SyntaxNode)text, text.Contents.ToString())));

    [GeneratedRegex(@"\bselect\s+[\w*(][\s\S]*\sfrom\s+\w|\binsert\s+into\s+\w|\bupdate\s+\w+\s+set\s|\bdelete\s+from\s+\w|\bcreate\s+(table|index|unique|virtual)\s")]
    private static partial Regex Sql();

    [GeneratedRegex(@"\bcreate\s+(?:virtual\s+)?table\s+(?:if\s+not\s+exists\s+)?(\w+)")]
    private static partial Regex Created();

    [GeneratedRegex(@"\b(?:insert\s+into|update|delete\s+from)\s+(\w+)")]
    private static partial Regex Written();
}
