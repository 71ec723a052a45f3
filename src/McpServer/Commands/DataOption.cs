using System.CommandLine;

namespace Pipeline.McpServer.Commands;

/// <summary>Which data folder: the option, else PIPELINE_DATA, else a folder under the user's data directory.</summary>
internal static class DataOption
{
    public static Option<string> Create()
    {
        var data = new Option<string>("--data")
        {
            HelpName = "DIR",
            Description = "The data folder (PIPELINE_DATA; default: a folder under your data directory)",
            DefaultValueFactory = static _ => Default(),
        };
        data.Validators.Add(static given =>
        {
            if (string.IsNullOrWhiteSpace(given.GetValueOrDefault<string>()))
            {
                given.AddError("--data names a folder; it is blank.");
            }
        });
        return data;
    }

    private static string Default() =>
        Environment.GetEnvironmentVariable("PIPELINE_DATA") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "pipeline");
}
