using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.McpServer.Auth;

/// <summary>
/// The operator's list of who may call: a JSON array of
/// <c>{principal, key_sha256, role: admin | member | reader, workspaces?: [...], egress?: bool}</c>.
/// </summary>
public static class AgentsFile
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Reads the list.</summary>
    /// <exception cref="InvalidDataException">The file does not have that shape; the message says where.</exception>
    public static ApiKeys Read(string path)
    {
        Entry[] entries;
        try
        {
            using var file = File.OpenRead(path);
            entries = JsonSerializer.Deserialize<Entry[]>(file, Strict) ?? [];
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException(
                $"{path} is not a list of agents: {OperatorJson.Say(wrong)}. Each is {{\"principal\", \"key_sha256\", \"role\": \"admin\", \"member\" or \"reader\", \"workspaces\"?: [...], \"egress\"?: true}}.", wrong);
        }

        // Of two entries with one key the later would silently be whom it stands for.
        if (entries.GroupBy(entry => entry.KeySha256, StringComparer.OrdinalIgnoreCase).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new InvalidDataException($"{path}: {string.Join(" and ", twice.Select(entry => $"'{entry.Principal}'"))} have the same key; give each its own.");
        }

        return new ApiKeys(entries.Select(entry => (HashOf(entry, path), new Identity
        {
            Principal = entry.Principal,
            Role = entry.Role,
            Workspaces = entry.Workspaces,
            Egress = entry.Egress,
        })));
    }

    private static byte[] HashOf(Entry entry, string path)
    {
        if (string.IsNullOrWhiteSpace(entry.Principal))
        {
            throw new InvalidDataException($"{path}: an agent has an empty principal.");
        }

        if (entry.KeySha256.Length != 64 || !entry.KeySha256.All(char.IsAsciiHexDigit))
        {
            throw new InvalidDataException($"{path}: key_sha256 of '{entry.Principal}' is not 64 hexadecimal digits.");
        }

        if (entry.Workspaces?.FirstOrDefault(name => !WorkspaceName.Fits(name)) is { } wrong)
        {
            throw new InvalidDataException($"{path}: '{wrong}' of '{entry.Principal}' is no workspace's name; for all workspaces leave \"workspaces\" out.");
        }

        return Convert.FromHexString(entry.KeySha256);
    }

    private sealed record Entry
    {
        public required string Principal { get; init; }

        public required string KeySha256 { get; init; }

        public required Role Role { get; init; }

        public string[]? Workspaces { get; init; }

        public bool Egress { get; init; }
    }
}
