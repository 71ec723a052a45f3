using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Workspaces;

/// <summary>Names of workspaces and organizations: a path segment that reads the same everywhere.</summary>
public static class WorkspaceName
{
    private const int MaxLength = 64;

    /// <summary>Returns <paramref name="name"/> when it is 1 to 64 of a-z, 0-9, '-', '_' and '.', beginning with a letter or digit.</summary>
    public static string Check(string name, string argument = "workspace") => Fits(name) ? name : throw new InvalidArgumentError(argument,
        $"{(argument is "workspace" or "organization" ? $"The name of the {argument}" : $"The workspace in {argument}")} is 1 to {MaxLength} of a-z, 0-9, '-', '_' and '.', beginning with a letter or digit.");

    /// <summary>Whether it is such a name.</summary>
    public static bool Fits(string name) => name.Length is > 0 and <= MaxLength && char.IsAsciiLetterOrDigit(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '_' or '.');
}
