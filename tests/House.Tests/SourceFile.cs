using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.House.Tests;

/// <summary>One C# file: its path from the repository's root with '/', its text and its syntax.</summary>
internal sealed record SourceFile(string Path, string Text, CompilationUnitSyntax Syntax)
{
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>The folders between the root and the file.</summary>
    public string[] Folders => Path.Split('/')[..^1];

    public int Lines => Text.AsSpan().Count('\n') + (Text.EndsWith('\n') ? 0 : 1);

    public IEnumerable<T> All<T>() => Syntax.DescendantNodes().OfType<T>();

    /// <summary>The path and the line of a node, as an editor opens it.</summary>
    public string At(Microsoft.CodeAnalysis.SyntaxNode node) => $"{Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    public static SourceFile Read(string root, string path)
    {
        var text = File.ReadAllText(System.IO.Path.Combine(root, path));
        return new SourceFile(path, text, CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetCompilationUnitRoot());
    }
}
