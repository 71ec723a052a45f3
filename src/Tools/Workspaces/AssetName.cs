using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Workspaces;

/// <summary>An asset's address: <c>workspace/path/to/file.mp4</c>, optionally <c>@version</c>. Virtual: it never becomes a path on disk.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Path">The path in it, normalised (NFC).</param>
/// <param name="Version">The version named, or null for the current one.</param>
public sealed partial record AssetName(string Workspace, string Path, long? Version)
{
    private const int MaxBytes = 512;

    /// <summary>The address without its version.</summary>
    public string Current => $"{Workspace}/{Path}";

    public override string ToString() => Version is { } version ? $"{Current}@{version}" : Current;

    /// <summary>Parses an address.</summary>
    /// <exception cref="InvalidArgumentError">With what is wrong and what would be right.</exception>
    public static AssetName Parse(string asset, string argument = "asset")
    {
        var slash = asset.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == asset.Length - 1)
        {
            throw new InvalidArgumentError(argument, $"An {argument} is 'workspace/path', such as 'film/shots/one.mp4'.");
        }

        var (path, version) = SplitVersion(asset[(slash + 1)..], argument);
        return new(WorkspaceName.Check(asset[..slash], argument), CheckPath(path, argument), version);
    }

    /// <summary>Parses an address that must not name a version.</summary>
    public static AssetName ParseTarget(string asset, string argument = "asset")
    {
        var name = Parse(asset, argument);
        return name.Version is null ? name
            : throw new InvalidArgumentError(argument, $"Writing always makes the next version: name '{name.Current}' without '@{name.Version}', and if_version if it matters which one is current.");
    }

    private static (string Path, long? Version) SplitVersion(string path, string argument)
    {
        var match = VersionSuffix().Match(path);
        if (!match.Success)
        {
            return (path, null);
        }

        return long.TryParse(match.ValueSpan[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            ? (path[..match.Index], version)
            : throw new InvalidArgumentError(argument, "A version is a positive whole number, as in 'film/one.mp4@3'.");
    }

    private static string CheckPath(string path, string argument)
    {
        string normal;
        try
        {
            normal = Nfc.Of(path);
        }
        catch (ArgumentException)
        {
            throw new InvalidArgumentError(argument, "The path is not valid Unicode.");
        }

        var fault = Encoding.UTF8.GetByteCount(normal) > MaxBytes ? $"is longer than {MaxBytes} bytes"
            : normal.Split('/').Any(segment => segment is "." or ".." || string.IsNullOrWhiteSpace(segment)) ? "has an empty, blank, '.' or '..' segment"
            : normal.Contains("%2f", StringComparison.OrdinalIgnoreCase) ? "has an escaped slash"
            : normal.EnumerateRunes().Any(Visible.IsUnseen) ? "has a control, format or bidirectional character"
            : VersionSuffix().IsMatch(normal) ? "ends in '@' and digits, which names a version"
            : null;
        return fault is null ? normal : throw new InvalidArgumentError(argument, $"The path of the {argument} {fault}; use plain names separated by single slashes.");
    }

    [GeneratedRegex("@[0-9]+$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex VersionSuffix();
}
