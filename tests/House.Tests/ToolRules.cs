using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.House.Tests;

public sealed partial class ToolRules
{
    private static readonly string[] Hints = ["ReadOnly", "Destructive", "Idempotent", "OpenWorld"];

    private static IEnumerable<(SourceFile File, ClassDeclarationSyntax Class, AttributeSyntax Tool)> Tools =>
        from file in Tree.Under("src/Tools/")
        from type in file.All<ClassDeclarationSyntax>()
        let tool = Attribute(type.AttributeLists, "Tool")
        where tool is not null
        select (file, type, tool);

    private static IEnumerable<(SourceFile File, MethodDeclarationSyntax Method, AttributeSyntax Hinted)> Methods =>
        from file in Tree.Product
        from method in file.All<MethodDeclarationSyntax>()
        let hinted = Attribute(method.AttributeLists, "McpServerTool")
        where hinted is not null
        select (file, method, hinted);

    [Fact]
    public void A_tool_is_one_closed_class_in_a_file_named_after_it() => Rule.Holds(
        from tool in Tools
        let modifiers = tool.Class.Modifiers.Select(modifier => modifier.Text).Order()
        let methods = Methods.Where(method => method.Method.Parent == tool.Class).ToList()
        where tool.File.Name != tool.Class.Identifier.Text
            || !modifiers.SequenceEqual(["internal", "partial", "sealed"])
            || methods is not [{ Method.Identifier.Text: "RunAsync" }]
        select tool.File.At(tool.Class),
        "A tool is one `internal sealed partial class` in a file of its name, with one RunAsync.");

    [Fact]
    public void Every_tool_is_marked() => Rule.Holds(
        from method in Methods
        where Tools.All(tool => tool.Class != method.Method.Parent)
        select method.File.At(method.Method),
        "Put [Tool(Toolset.X)] on the class: filters and lists go by it.");

    [Fact]
    public void A_tool_is_named_on_the_wire_as_in_the_code() => Rule.Holds(
        from method in Methods
        let type = ((ClassDeclarationSyntax)method.Method.Parent!).Identifier.Text
        let expected = Words().Replace(type, "_$1").TrimStart('_').ToLowerInvariant()
        where Argument(method.Hinted, "Name")?.Trim('"') != expected
        select $"{method.File.At(method.Method)}: expected {expected}",
        "Set Name to the class's name in snake_case.");

    [Fact]
    public void A_tool_sets_all_four_hints_and_has_a_structured_result() => Rule.Holds(
        from method in Methods
        where Hints.Any(hint => Argument(method.Hinted, hint) is null) || Argument(method.Hinted, "UseStructuredContent") != "true" || Argument(method.Hinted, "Title") is null
        select method.File.At(method.Method),
        $"Set Title, {string.Join(", ", Hints)} and UseStructuredContent = true.");

    [Fact]
    public void A_tool_that_changes_something_does_not_claim_to_read_only() => Rule.Holds(
        from tool in Tools
        from method in Methods
        where method.Method.Parent == tool.Class
        let changes = Argument(tool.Tool, "Changes") == "true" || Argument(tool.Tool, "Writes") == "true"
        where Argument(method.Hinted, "ReadOnly") != (changes ? "false" : "true")
        select tool.File.At(tool.Class),
        "ReadOnly is true exactly when [Tool] says neither Changes nor Writes.");

    [Fact]
    public void A_tool_and_each_of_its_arguments_are_described() => Rule.Holds(
        from method in Methods
        let words = method.Method.GetLeadingTrivia().ToFullString()
        let missing = method.Method.ParameterList.Parameters
            .Where(parameter => parameter.Type?.ToString() is not "CancellationToken" and not "IProgress<ProgressNotificationValue>")
            .Select(parameter => parameter.Identifier.ValueText)
            .Where(name => !Regex.IsMatch(words, $"<param name=\"{name}\">\\s*(?!</)\\S"))
        from problem in Regex.IsMatch(words, @"<summary>\s*(?!</)\S") ? missing : missing.Prepend("summary")
        select $"{method.File.At(method.Method)}: {problem}",
        "The XML comment is what the model reads: write a <summary> and a <param> for each argument.");

    [Fact]
    public void Arguments_are_in_snake_case() => Rule.Holds(
        from method in Methods
        from parameter in method.Method.ParameterList.Parameters
        where !Snake().IsMatch(parameter.Identifier.ValueText)
        select $"{method.File.At(parameter)}: {parameter.Identifier.Text}",
        "Write parameters exactly as they go over the wire.");

    [Fact]
    public void A_tool_maps_no_errors() => Rule.Holds(
        from tool in Tools
        from caught in tool.Class.DescendantNodes().OfType<CatchClauseSyntax>()
        where caught.Declaration?.Type.ToString() is null or "Exception" || caught.Block.Statements is not [.., ThrowStatementSyntax]
        select tool.File.At(caught),
        "Throw a ToolError and let the one filter map it; a catch may only turn a named parsing error into a ToolError. Where an outcome is data, take it in the slice beneath the tool.");

    [Fact]
    public void An_error_is_sealed() => Rule.Holds(
        from file in Tree.Product
        from type in file.All<ClassDeclarationSyntax>()
        where type.BaseList?.Types.Any(parent => parent.Type.ToString().Split('(')[0] is "ToolError" or "Exception" or "IOException") == true
            && !type.Modifiers.Any(SyntaxKind.SealedKeyword) && !type.Modifiers.Any(SyntaxKind.AbstractKeyword)
        select file.At(type),
        "Seal it: an error is one fact with one code.");

    private static AttributeSyntax? Attribute(IEnumerable<AttributeListSyntax> lists, string name) =>
        lists.SelectMany(list => list.Attributes).FirstOrDefault(attribute => attribute.Name.ToString() == name);

    private static string? Argument(AttributeSyntax attribute, string name) =>
        attribute.ArgumentList?.Arguments.FirstOrDefault(argument => argument.NameEquals?.Name.ToString() == name)?.Expression.ToString();

    [GeneratedRegex("([A-Z])")]
    private static partial Regex Words();

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex Snake();
}
