using Pipeline.McpServer.Serving;
using Pipeline.Storage.Moving;

namespace Pipeline.McpServer.Moving;

/// <summary>The settings with which a moved house is served; of secrets it says what they are, not how they read.</summary>
internal static class MovedEnvironment
{
    private static readonly string[] Plain = ["PIPELINE_S3_ENDPOINT", "PIPELINE_S3_BUCKET", "PIPELINE_S3_PREFIX", "PIPELINE_S3_REGION", "PIPELINE_S3_PUBLIC_ENDPOINT"];

    private static readonly string[] Secret = ["PIPELINE_S3_ACCESS_KEY", "PIPELINE_S3_SECRET_KEY"];

    public static IReadOnlyDictionary<string, string> Of(MoveSettings settings)
    {
        // The old folder serves on as the node's own: unfinished uploads and imports are in it, and models.json.
        var environment = new Dictionary<string, string> { ["PIPELINE_DATA"] = settings.From };
        if (settings.Postgres is { } connection)
        {
            environment["PIPELINE_POSTGRES"] = $"(the connection string that was given: {PostgresFilling.PlaceOf(connection)})";
        }

        if (settings.Objects is not null)
        {
            foreach (var name in Plain)
            {
                if (Settings.Read(name) is { } value)
                {
                    environment[name] = value;
                }
            }

            foreach (var name in Secret)
            {
                environment[name] = "(as it is set now)";
            }
        }

        return environment;
    }
}
