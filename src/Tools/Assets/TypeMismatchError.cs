using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>A web page came where the name promises media: a login, a share page, an error.</summary>
public sealed class TypeMismatchError : ToolError
{
    public TypeMismatchError(string asset, string expected, string actual) : base("type_mismatch",
        $"'{asset}' should be {expected}, but what came is {actual}: most likely a page about the file, such as a sign-in or a confirmation. Use the address of the file itself, one that a program may fetch without signing in.") =>
        Facts = new { asset, expected, actual };
}
