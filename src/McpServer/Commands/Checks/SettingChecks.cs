using Pipeline.McpServer.Serving;

namespace Pipeline.McpServer.Commands.Checks;

/// <summary>What the environment sets. Keys are named, never shown.</summary>
internal static class SettingChecks
{
    private static readonly string[] Keys = ["ANTHROPIC_API_KEY", "OPENAI_API_KEY"];

    public static IEnumerable<Finding> Run(string dataFolder)
    {
        yield return Roots("import roots", "PIPELINE_IMPORT_ROOTS", dataFolder);
        yield return Roots("export roots", "PIPELINE_EXPORT_ROOTS", dataFolder);
        yield return new("egress hosts", Standing.Ok, Settings.Read("PIPELINE_EGRESS_HOSTS") ?? "none beyond public addresses (PIPELINE_EGRESS_HOSTS)");
        var embeddings = Settings.Embeddings();
        yield return new("embeddings", Standing.Ok, embeddings.Model is { } model
            ? $"{model} at {embeddings.Endpoint?.Host ?? "api.openai.com"}"
            : "lexical, built in, no model (PIPELINE_EMBEDDINGS_MODEL)");
        string[] keys = [.. Keys.Where(name => Settings.Read(name) is not null)];
        yield return new("director", Standing.Ok, keys.Length == 0 && Settings.Read("OPENAI_BASE_URL") is null
            ? "by rules, no language model (ANTHROPIC_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL)"
            : $"{Settings.Read("PIPELINE_DIRECTOR_MODEL") ?? "the provider's default model"}, by {string.Join(" and ", keys.DefaultIfEmpty("OPENAI_BASE_URL"))}");
    }

    private static Finding Roots(string name, string variable, string dataFolder)
    {
        var roots = Settings.Folders(variable);
        if (roots.Count == 0)
        {
            return new(name, Standing.Ok, $"none, so no local paths ({variable})");
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var refused = roots.Where(root => root == "/" || root == home || root == Path.GetFullPath(dataFolder)).ToList();
        var absent = roots.Where(root => !Directory.Exists(root)).ToList();
        return refused.Count > 0 ? new(name, Standing.Note, string.Join(", ", roots), $"Never taken: {string.Join(", ", refused)}. Name a folder inside.")
            : absent.Count > 0 ? new(name, Standing.Note, string.Join(", ", roots), $"Not there: {string.Join(", ", absent)}.")
            : new(name, Standing.Ok, string.Join(", ", roots));
    }
}
