using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation.Commands;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>
/// The operator's file of providers: <c>{"public_url", "providers": [entry, ...]}</c>. Endpoints, headers, key names and commands come from here
/// only, never from a tool; a field that there is not is refused by name.
/// </summary>
public sealed partial class OperatorProviders
{
    private OperatorProviders(ProvidersFile file) => (PublicUrl, Entries) = (file.PublicUrl, file.Providers);

    /// <summary>No provider but those that are built in.</summary>
    public static OperatorProviders None { get; } = new(new([]));

    /// <summary>How this server is reached from outside, for webhooks; null when it is not.</summary>
    public Uri? PublicUrl { get; }

    public IReadOnlyList<ProviderEntry> Entries { get; }

    /// <summary>Names of the shipped dialects.</summary>
    public static IReadOnlyList<string> Dialects { get; } = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(static name => name[Prefix.Length..^".json".Length]).Order(StringComparer.Ordinal)];

    private const string Prefix = "dialects/";

    /// <summary>Loads the file once, at the start.</summary>
    /// <param name="named">A file that the operator named; it must be there. Null when none was named.</param>
    /// <param name="usual">Where it lies otherwise, if there is one.</param>
    /// <exception cref="InvalidProvidersError">The file is missing or cannot be used.</exception>
    public static OperatorProviders Load(string? named, string usual)
    {
        if (named is null && !File.Exists(usual))
        {
            return None;
        }

        if (named is not null && !File.Exists(named))
        {
            throw new InvalidProvidersError($"There is no file of providers at '{named}'.");
        }

        using var file = File.OpenRead(named ?? usual);
        return Read(file);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidProvidersError">It cannot be used.</exception>
    public static OperatorProviders Read(Stream json)
    {
        try
        {
            var file = JsonSerializer.Deserialize<ProvidersFile>(json, OperatorJson.Strict) ?? throw new InvalidProvidersError("The file of providers is empty.");
            foreach (var entry in file.Providers)
            {
                Check(entry);
            }

            return file.Providers.GroupBy(entry => entry.Name).FirstOrDefault(same => same.Count() > 1) is { } twice
                ? throw new InvalidProvidersError($"Two providers are named '{twice.Key}'; names are unique.", new { provider = twice.Key })
                : new(file);
        }
        catch (JsonException wrong)
        {
            throw new InvalidProvidersError($"The file of providers cannot be read at {wrong.Path}: {OperatorJson.Say(wrong)}.", new { path = wrong.Path });
        }
    }

    /// <summary>The dialect of an entry: the shipped one with what the entry changes in it.</summary>
    /// <exception cref="InvalidProvidersError">There is no such dialect, or the changes do not fit.</exception>
    public static Dialect DialectOf(ProviderEntry entry)
    {
        using var shipped = Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Prefix}{entry.Dialect}.json") ?? throw Wrong(entry, $"there is no dialect '{entry.Dialect}'; there are {string.Join(", ", Dialects)}");
        try
        {
            var whole = JsonNode.Parse(shipped)!;
            return MergePatch.Apply(whole, entry.Overrides).Deserialize<Dialect>(OperatorJson.Strict)!;
        }
        catch (JsonException wrong)
        {
            throw Wrong(entry, $"its overrides cannot be read at {wrong.Path}: {OperatorJson.Say(wrong)}");
        }
    }

    private static void Check(ProviderEntry entry)
    {
        var isCommand = entry.Command is not null;
        string? wrong = entry switch
        {
            _ when !NameForm().IsMatch(entry.Name) => "a name is 1 to 64 of a-z, 0-9 and -",
            { Name: "local" } => "'local' is this machine's own",
            _ when isCommand == entry.Dialect is not null => "it has either a dialect or a command",
            _ when isCommand && (entry.BaseUrl ?? (object?)entry.Overrides ?? entry.KeyEnv ?? entry.HookSecretEnv) is not null => "a command has no base_url, overrides, key_env or hook_secret_env",
            _ when isCommand => null,
            { BaseUrl: null } => "base_url is missing",
            { BaseUrl: var address } when !address.IsAbsoluteUri || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Query.Length > 0 => "base_url is an http or https address without credentials or query",
            { TimeoutSeconds: { } seconds } when seconds is not (> 0 and <= 3600) => "timeout_seconds is above 0 and at most 3600",
            { MaxResultBytes: < 1 } => "max_result_bytes is at least 1",
            _ => null,
        };
        if (wrong is not null)
        {
            throw Wrong(entry, wrong);
        }

        if (!isCommand)
        {
            DialectOf(entry);
            return;
        }

        try
        {
            CommandSpec.Read(entry.Command!.Value);
        }
        catch (JsonException command)
        {
            throw Wrong(entry, $"its command cannot be read: {command.Message}");
        }
    }

    private static InvalidProvidersError Wrong(ProviderEntry entry, string wrong) => new($"Provider '{entry.Name}': {wrong}.", new { provider = entry.Name });

    [GeneratedRegex("^[a-z0-9-]{1,64}$")]
    private static partial Regex NameForm();

    private sealed record ProvidersFile(IReadOnlyList<ProviderEntry> Providers, Uri? PublicUrl = null, string? Note = null);
}
