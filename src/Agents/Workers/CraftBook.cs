using Pipeline.Agents.ModelClients;
using Pipeline.Agents.Workers.Crafts;

namespace Pipeline.Agents.Workers;

/// <summary>Every craft of this program.</summary>
public static class CraftBook
{
    /// <param name="transcriber">Turns speech into text; null when none is configured.</param>
    public static IReadOnlyList<ICraft> All(Transcriber? transcriber) =>
    [
        new ProbeCraft(), new TranscribeCraft(transcriber), new IndexCraft(), new QueryCraft(), new ExtractCraft(), new ExtractFramesCraft(),
        new ContactSheetCraft(), new AnalyzeCraft(), new TransformCraft(), new SpeechCraft(), new ComposeCraft(), new CheckCraft(), new DeliverCraft(),
        new NotifyCraft(),
    ];
}
