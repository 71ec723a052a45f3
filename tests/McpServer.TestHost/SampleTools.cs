using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Pipeline.McpServer.TestHost;

/// <summary>Small tools that show what a door does with calls.</summary>
[McpServerToolType]
public sealed class SampleTools
{
    /// <summary>How many waiting calls were cancelled.</summary>
    public static int Cancelled { get; private set; }

    [McpServerTool(Name = "echo", ReadOnly = true), Description("Gives back what it got.")]
    public static string Echo(string text) => text;

    [McpServerTool(Name = "wait", ReadOnly = true), Description("Waits, reporting progress.")]
    public static async Task<string> WaitAsync(double seconds, IProgress<ProgressNotificationValue> progress, CancellationToken cancellation)
    {
        progress.Report(new ProgressNotificationValue { Progress = 0, Total = 1 });
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), cancellation);
        }
        catch (OperationCanceledException)
        {
            Cancelled++;
            throw;
        }

        return "waited";
    }

    [McpServerTool(Name = "routed", ReadOnly = true), Description("Has an argument that also travels in a header.")]
    public static string Routed([McpHeader("Region")] string region, [McpHeader("Count")] int count = 0) => $"{region} {count}";

    [McpServerTool(Name = "process", ReadOnly = true), Description("The id of the serving process.")]
    public static int Process() => Environment.ProcessId;
}

/// <summary>One resource that may change and one prompt.</summary>
[McpServerResourceType, McpServerPromptType]
public sealed class SampleTexts
{
    [McpServerResource(UriTemplate = "test://watched", Name = "watched", MimeType = "text/plain")]
    public static string Watched() => "watched";

    [McpServerPrompt(Name = "greet"), Description("A greeting.")]
    public static string Greet(string name) => $"Greet {name}.";
}

/// <summary>What the official conformance suite needs to see of calls.</summary>
[McpServerToolType]
public sealed class ConformanceTools
{
    [McpServerTool(Name = "test_missing_capability"), Description("Needs sampling.")]
    public static string MissingCapability() =>
        throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new SamplingCapability() });

    [McpServerTool(Name = "test_logging_tool"), Description("Logs only when asked to.")]
    public static string Log() => "quiet";

    [McpServerTool(Name = "test_streaming_elicitation"), Description("Asks for input by its answer.")]
    public static string Elicit() => throw new InputRequiredException(
        new Dictionary<string, InputRequest>
        {
            ["name"] = InputRequest.ForElicitation(new ElicitRequestParams { Message = "Your name?", RequestedSchema = new() }),
        });
}
