using System.CommandLine;
using Pipeline.McpServer.Connections;

namespace Pipeline.McpServer.Commands;

/// <summary>What a door may be narrowed to: toolsets, single tools, reading only, and the folders of the environment.</summary>
internal sealed class LimitOptions
{
    private readonly Option<string> _toolsets = new("--toolsets") { HelpName = "LIST", Description = "Toolsets to list, separated by commas (default: all but admin)" };
    private readonly Option<string> _tools = new("--tools") { HelpName = "LIST", Description = "Tools to list beside them" };
    private readonly Option<string> _exclude = new("--exclude-tools") { HelpName = "LIST", Description = "Tools to leave out" };
    private readonly Option<bool> _readOnly = new("--read-only") { Description = "Refuse everything that changes something" };

    public void AddTo(Command command)
    {
        command.Options.Add(_toolsets);
        command.Options.Add(_tools);
        command.Options.Add(_exclude);
        command.Options.Add(_readOnly);
    }

    public ConnectionLimits Read(ParseResult parsed) => new()
    {
        Toolsets = Split(parsed.GetValue(_toolsets)),
        Tools = Split(parsed.GetValue(_tools)),
        ExcludeTools = Split(parsed.GetValue(_exclude)) ?? [],
        ReadOnly = parsed.GetValue(_readOnly),
        ImportRoots = Folders("PIPELINE_IMPORT_ROOTS"),
        ExportRoots = Folders("PIPELINE_EXPORT_ROOTS"),
    };

    /// <summary>The folders that an owner in the background allows: those of the environment it was started with.</summary>
    public static ConnectionLimits OfEnvironment() =>
        new() { ImportRoots = Folders("PIPELINE_IMPORT_ROOTS"), ExportRoots = Folders("PIPELINE_EXPORT_ROOTS") };

    private static string[]? Split(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Folders(string variable) =>
        [.. (Environment.GetEnvironmentVariable(variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Path.GetFullPath)];
}
