using Pipeline.Agents.ModelClients;
using Pipeline.Agents.Workers.Crafts;

namespace Pipeline.Agents.Workers;

/// <summary>Every craft of this program.</summary>
public static class CraftBook
{
    /// <summary>What a director does itself: a worker does it only when it is told to by name.</summary>
    public static IReadOnlyList<string> Directors { get; } = ["compare"];

    /// <param name="transcriber">Turns speech into text; null when none is configured.</param>
    /// <param name="model">Writes, and looks at takes; null when none is configured.</param>
    public static IReadOnlyList<ICraft> All(Transcriber? transcriber, ChatModel? model = null) =>
    [
        new ProbeCraft(), new TranscribeCraft(transcriber), new IndexCraft(), new QueryCraft(), new ExtractCraft(), new ExtractFramesCraft(),
        new ContactSheetCraft(), new AnalyzeCraft(), new TransformCraft(), new SpeechCraft(), new ComposeCraft(), new CheckCraft(), new DeliverCraft(),
        new NotifyCraft(), new GenerateCraft(), new WriteTextCraft(model), new CompareCraft(model),
    ];
}
