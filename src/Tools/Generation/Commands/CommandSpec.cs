using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Generation.Commands;

/// <summary>
/// A program of the operator's that makes media, from the operator's file and from nowhere else. Its arguments are a list, never a line for a shell; of a
/// caller's words only files reach it.
/// </summary>
/// <remarks>
/// Written as <c>"command": {"run": ["/opt/make", "--prompt", "{prompt_file}", "--out", "{output}"], "output": ".mp4"}</c>. In arguments stand, whole or in part: <c>{prompt_file}</c>, <c>{parameters_file}</c> (JSON), <c>{output}</c>, and <c>{reference}</c> (the first
/// reference's file; the argument is left out when there is none).
/// </remarks>
public sealed record CommandSpec
{
    /// <summary>The program, then its arguments.</summary>
    [MinLength(1)]
    public required IReadOnlyList<string> Run { get; init; }

    /// <summary>The ending of the result's file, as <c>.mp4</c>.</summary>
    public string Output { get; init; } = ".mp4";

    /// <summary>How long it may take.</summary>
    /// <value>600</value>
    [Range(1, 86_400)]
    public double TimeoutSeconds { get; init; } = 600;

    /// <summary>Whether it may simply be run again: not when it calls someone who bills.</summary>
    /// <value>true</value>
    public bool Repeatable { get; init; } = true;

    /// <summary>Whether it runs without network and with the system read-only. False for a program that needs a graphics device or the network.</summary>
    /// <value>true</value>
    public bool Boxed { get; init; } = true;

    /// <summary>Reads the entry of a provider.</summary>
    /// <exception cref="JsonException">It is no command.</exception>
    public static CommandSpec Read(JsonElement command)
    {
        var spec = command.Deserialize<CommandSpec>(OperatorJson.Strict) ?? throw new JsonException("a command is an object");
        return spec is { Run: [{ Length: > 0 }, ..], TimeoutSeconds: >= 1 and <= 86_400 } && spec.Output.Length is > 1 and <= 9 && spec.Output[0] == '.' && spec.Output.AsSpan(1).IndexOfAnyExceptInRange('0', 'z') < 0
            ? spec : throw new JsonException("run names a program, output is an ending such as .mp4, timeout_seconds is 1 to 86400");
    }
}
