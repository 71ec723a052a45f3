using System.Globalization;
using Pipeline.Index;
using Pipeline.Index.Embeddings;
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

    /// <summary>Absolute paths of a list setting, separated as PATH is.</summary>
    public static IReadOnlyList<string> Folders(string name) =>
        [.. (Read(name) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Path.GetFullPath)];

    /// <summary>The setting's value; null when it is unset or empty.</summary>
    public static string? Read(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
