using System.Globalization;
using Pipeline.Index;
using Pipeline.Index.Embeddings;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Runs;

namespace Pipeline.McpServer.Serving;

/// <summary>The settings that come from the environment.</summary>
internal static class Settings
{
    /// <summary>Which embeddings the index uses: a model only when one is named.</summary>
    public static EmbeddingOptions Embeddings() => new()
    {
        Model = Read("PIPELINE_EMBEDDINGS_MODEL"),
        Endpoint = Read("OPENAI_BASE_URL") is { } address ? new Uri(address) : null,
        ApiKey = Read("OPENAI_API_KEY"),
    };

    /// <summary>The database that holds the state; null for a file in the data folder. Its connection string is a secret.</summary>
    public static PostgresOptions? Postgres() => Read("PIPELINE_POSTGRES") is { } connection ? new() { ConnectionString = connection, Prepare = PostgresVectorExtension.EnsureAsync } : null;

    /// <summary>How long intermediates of runs stay.</summary>
    /// <exception cref="InvalidDataException">The setting is no number of hours.</exception>
    public static RunOptions Runs()
    {
        const string Name = "PIPELINE_INTERMEDIATES_HOURS";
        const double MostHours = 87_600;
        return Read(Name) is not { } text ? new()
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var hours) && hours <= MostHours ? new() { IntermediatesKept = TimeSpan.FromHours(hours) }
            : throw new InvalidDataException($"{Name} is a number of hours, 0 to {MostHours}, not '{text}'.");
    }

    /// <summary>The bucket that objects live in; null when none is named.</summary>
    /// <exception cref="InvalidDataException">Half of the settings, or one that is no address or no number.</exception>
    public static S3Options? S3()
    {
        string[] needed = ["PIPELINE_S3_ENDPOINT", "PIPELINE_S3_BUCKET", "PIPELINE_S3_ACCESS_KEY", "PIPELINE_S3_SECRET_KEY"];
        string[] missing = [.. needed.Where(name => Read(name) is null)];
        if (missing.Length == needed.Length)
        {
            return null;
        }

        if (missing.Length > 0)
        {
            throw new InvalidDataException($"{string.Join(", ", needed.Except(missing))} without {string.Join(", ", missing)}: an S3 store needs all four, and without one none of them is set.");
        }

        var given = new S3Options(Address(needed[0]), Read(needed[1])!, Read(needed[2])!, Read(needed[3])!);
        const string Public = "PIPELINE_S3_PUBLIC_ENDPOINT";
        const string Cache = "PIPELINE_S3_CACHE_MIB";
        return given with
        {
            Prefix = Read("PIPELINE_S3_PREFIX")?.Trim('/') is { Length: > 0 } prefix ? prefix + "/" : "",
            Region = Read("PIPELINE_S3_REGION") ?? given.Region,
            Presign = Read(Public) != "none",
            PublicEndpoint = Read(Public) is null or "none" ? null : Address(Public),
            CacheBytes = Read(Cache) is not { } mib ? given.CacheBytes
                : long.TryParse(mib, NumberStyles.None, CultureInfo.InvariantCulture, out var size) && size <= 1 << 30 ? size << 20
                : throw new InvalidDataException($"{Cache} is a number of MiB, not '{mib}'."),
        };
    }

    /// <summary>Absolute paths of a list setting, separated as PATH is.</summary>
    public static IReadOnlyList<string> Folders(string name) =>
        [.. (Read(name) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Path.GetFullPath)];

    private static Uri Address(string name) => Uri.TryCreate(Read(name), UriKind.Absolute, out var address) && (address.Scheme is "http" or "https") ? address
        : throw new InvalidDataException($"{name} is an address such as http://127.0.0.1:9000, not '{Read(name)}'.");

    /// <summary>The setting's value; null when it is unset or empty.</summary>
    public static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
