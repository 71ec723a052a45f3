using System.Globalization;
using System.Text;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.McpServer.Resources;

/// <summary>What a resource's address names: <c>asset://workspace/path@version</c> or <c>run://run_id</c>.</summary>
public abstract record ResourceAddress
{
    private const int MaxLength = 2048;
    private const string AssetScheme = "asset://";
    private const string RunScheme = "run://";

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ResourceAddress()
    {
    }

    /// <summary>Reads an address. It is percent-decoded exactly once, and an escaped slash is no slash.</summary>
    /// <exception cref="NotFoundError">An address of another kind.</exception>
    /// <exception cref="InvalidArgumentError">An address of ours that is not well formed.</exception>
    public static ResourceAddress Parse(string uri)
    {
        if (uri.Length > MaxLength)
        {
            throw new InvalidArgumentError("uri", $"An address has at most {MaxLength} characters, not {uri.Length}.");
        }

        if (uri.StartsWith(AssetScheme, StringComparison.Ordinal))
        {
            return new Asset(AssetName.Parse(Decode(uri[AssetScheme.Length..]), "uri"));
        }

        if (uri.StartsWith(RunScheme, StringComparison.Ordinal) && Decode(uri[RunScheme.Length..]) is { Length: > 0 and <= 128 } id && id.All(IsIdCharacter))
        {
            return new Run(id);
        }

        throw new NotFoundError("resource", uri, "Resources are asset://workspace/path@version and run://run_id.");
    }

    private static bool IsIdCharacter(char character) => char.IsAsciiLetterOrDigit(character) || character is '_' or '-';

    private static string Decode(string escaped)
    {
        var bytes = new List<byte>(escaped.Length);
        for (var at = 0; at < escaped.Length; at++)
        {
            if (escaped[at] == '%')
            {
                bytes.Add(Escaped(escaped, at));
                at += 2;
                continue;
            }

            if (escaped[at] is '?' or '#' or '\\' or <= ' ' or '\x7f')
            {
                throw new InvalidArgumentError("uri", $"Write '{Uri.HexEscape(escaped[at])}' for the character at {at} of the address.");
            }

            var length = char.IsSurrogatePair(escaped, at) ? 2 : 1;
            bytes.AddRange(Text(() => Strict.GetBytes(escaped, at, length)));
            at += length - 1;
        }

        return Text(() => Strict.GetString([.. bytes]));
    }

    private static byte Escaped(string escaped, int at)
    {
        var isByte = byte.TryParse(escaped.AsSpan(at + 1, Math.Min(2, escaped.Length - at - 1)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            && at + 2 < escaped.Length;
        return isByte && value != '/' ? value
            : throw new InvalidArgumentError("uri", "In an address '%' is followed by two hexadecimal digits, and '/' is never escaped.");
    }

    private static T Text<T>(Func<T> convert)
    {
        try
        {
            return convert();
        }
        catch (ArgumentException)
        {
            throw new InvalidArgumentError("uri", "The address is not valid Unicode in UTF-8.");
        }
    }

    /// <summary>A version of an asset, or its current one.</summary>
    public sealed record Asset(AssetName Name) : ResourceAddress;

    /// <summary>A run.</summary>
    public sealed record Run(string RunId) : ResourceAddress;
}
