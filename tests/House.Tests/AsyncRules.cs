using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Pipeline.House.Tests;

public sealed class AsyncRules
{
    // A writing thread is a thread of its own, and a delegate over rows has finished by the time its result is taken.
    private static readonly string[] MayBlock = ["src/Storage/State/SqliteWriter.cs", "src/Storage/State/SqliteReaders.cs", "src/Storage/State/PostgresWriter.cs", "src/Storage/State/RowsOnly.cs"];

    [Fact]
    public void Nothing_blocks_on_a_task() => Rule.Holds(
        from file in Tree.Product
        where !MayBlock.Contains(file.Path)
        from access in file.All<MemberAccessExpressionSyntax>()
        let name = access.Name.Identifier.Text
        let called = access.Parent is InvocationExpressionSyntax
        let target = access.Expression.ToString()
        where (called && name is "GetResult" && target.EndsWith(".GetAwaiter()", StringComparison.Ordinal))
            || (called && name is "Wait" or "WaitAll" or "WaitAny" && target != "Limits") // Limits.Wait checks a range
            || (!called && name is "Result" && IsTask(access.Expression))
        select $"{file.At(access)}: {access}",
        "Await it. A thread that waits for a task is a thread that serves nobody.");

    [Fact]
    public void Nothing_is_async_void() => Rule.Holds(
        from file in Tree.Sources
        from method in file.All<MethodDeclarationSyntax>()
        where method.Modifiers.Any(SyntaxKind.AsyncKeyword) && method.ReturnType.ToString() == "void"
        select file.At(method),
        "Return a Task, so that someone sees it fail.");

    [Fact]
    public void The_cancellation_token_comes_last() => Rule.Holds(
        from file in Tree.Product
        from list in file.All<MethodDeclarationSyntax>().Select(method => method.ParameterList)
        let after = list.Parameters.SkipWhile(parameter => parameter.Type?.ToString() != "CancellationToken").Skip(1)
        where after.Any(parameter => parameter.Default is null && !parameter.Modifiers.Any(SyntaxKind.ParamsKeyword))
        select file.At(list),
        "Put the CancellationToken last, where every caller looks for it; only what may be left out comes after.");

    [Fact]
    public void Libraries_do_not_come_back_to_a_context() => Rule.Holds(
        from file in Tree.Under("src/Storage/").Concat(Tree.Under("src/Index/")).Concat(Tree.Under("src/Tools/"))
        from wait in file.All<AwaitExpressionSyntax>()
        where !wait.Expression.ToString().Contains("ConfigureAwait(", StringComparison.Ordinal)
        select $"{file.At(wait)}: {wait}",
        "Add .ConfigureAwait(false): a library has no context to come back to.");

    private static bool IsTask(ExpressionSyntax expression) => expression switch
    {
        InvocationExpressionSyntax call => call.Expression.ToString().EndsWith("Async", StringComparison.Ordinal),
        IdentifierNameSyntax name => name.Identifier.Text.EndsWith("task", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
