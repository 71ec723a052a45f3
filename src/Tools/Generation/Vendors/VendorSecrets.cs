using System.Text.RegularExpressions;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>The values of the server's environment that a vendor's entry names. They go into headers and nowhere else.</summary>
public sealed partial class VendorSecrets
{
    private const int MaxTextCharacters = 300;
    private const int ShortestSecretCharacters = 4;

    private readonly ProviderEntry _entry;
    private readonly Func<string, string?> _read;

    /// <param name="entry">Names them.</param>
    /// <param name="read">The server's environment.</param>
    public VendorSecrets(ProviderEntry entry, Func<string, string?> read) => (_entry, _read) = (entry, read);

    /// <summary>The webhook's secret; null when none is named or set.</summary>
    public string? Hook => Read(_entry.HookSecretEnv);

    /// <summary>The variables that are named and not set; without the key no request is made.</summary>
    public IReadOnlyList<string> Missing => [.. Named().Where(name => Read(name) is null)];

    /// <summary>Fills a header's template.</summary>
    public string Header(string template) => Placeholder().Replace(template, match => match.Groups[1].Value switch
    {
        "key" => Read(_entry.KeyEnv) ?? "",
        var name => Read(name["env.".Length..]) ?? "",
    });

    /// <summary>Text of a vendor's, fit to be shown: one short line in which no secret stands.</summary>
    public string? Clean(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        foreach (var secret in All())
        {
            text = text.Replace(secret, "[key]", StringComparison.Ordinal).Replace(Uri.EscapeDataString(secret), "[key]", StringComparison.Ordinal);
        }

        var line = string.Concat(text.Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? ' ' : letter)).Trim();
        return line.Length > MaxTextCharacters ? line[..MaxTextCharacters] + "…" : line;
    }

    /// <summary>Whether a secret stands in a text.</summary>
    public bool StandsIn(string text) => All().Any(secret => text.Contains(secret, StringComparison.Ordinal));

    private IEnumerable<string> Named() => new[] { _entry.KeyEnv }.OfType<string>().Concat(
        _entry.Headers.Values.SelectMany(template => Placeholder().Matches(template)).Select(match => match.Groups[1].Value).Where(name => name != "key").Select(name => name["env.".Length..]));

    private IEnumerable<string> All() => Named().Append(_entry.HookSecretEnv).Select(Read).OfType<string>().Where(secret => secret.Length >= ShortestSecretCharacters).OrderByDescending(secret => secret.Length);

    private string? Read(string? name) => name is null ? null : _read(name) is { Length: > 0 } value ? value : null;

    [GeneratedRegex(@"\{(key|env\.[A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Placeholder();
}
