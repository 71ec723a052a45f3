using System.Text.Json;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Commands;

/// <summary>How results are written: compact for programs, indented for people at a terminal.</summary>
internal static class Terminal
{
    private static readonly JsonSerializerOptions Indented = new(Wire.Json) { WriteIndented = true };

    /// <summary>One JSON document on standard output.</summary>
    public static void WriteJson<T>(T value, bool compact) =>
        Console.Out.WriteLine(JsonSerializer.Serialize(value, compact || Console.IsOutputRedirected ? Wire.Json : Indented));

    /// <summary>One line on standard error, where nothing disturbs a script.</summary>
    public static void Say(string line) => Console.Error.WriteLine(line);
}
