using System.CommandLine;
using Pipeline.McpServer.Commands.Calling;
using Pipeline.McpServer.Connections;
using Pipeline.Tools.Contract;

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
        Toolsets = Known(_toolsets.Name, Split(parsed.GetValue(_toolsets)), static () => [.. Enum.GetValues<Toolset>().Select(Wire.Name)]),
        Tools = Known(_tools.Name, Split(parsed.GetValue(_tools)), static () => LocalTools.Names),
        ExcludeTools = Known(_exclude.Name, Split(parsed.GetValue(_exclude)), static () => LocalTools.Names) ?? [],
        ReadOnly = parsed.GetValue(_readOnly),
        ImportRoots = Folders("PIPELINE_IMPORT_ROOTS"),
        ExportRoots = Folders("PIPELINE_EXPORT_ROOTS"),
    };

    /// <summary>The folders that an owner in the background allows: those of the environment it was started with.</summary>
    public static ConnectionLimits OfEnvironment() =>
        new() { ImportRoots = Folders("PIPELINE_IMPORT_ROOTS"), ExportRoots = Folders("PIPELINE_EXPORT_ROOTS") };

    // A name that is misspelt would leave its tools out, or in, without a word.
    private static string[]? Known(string option, string[]? given, Func<IReadOnlyList<string>> names) =>
        given?.Except(names()).FirstOrDefault() is { } wrong ? throw new WrongUsageException($"{option} names '{wrong}', which is none of {string.Join(", ", names())}.") : given;

    private static string[]? Split(string? list) =>
        list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Folders(string variable) =>
        [.. (Environment.GetEnvironmentVariable(variable) ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Path.GetFullPath)];
}
