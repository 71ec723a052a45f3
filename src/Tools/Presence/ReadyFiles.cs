using System.Text.Json;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Presence;

/// <summary>The versions of assets that ready steps take. A worked-out input that names a version is a file that a step before has finished.</summary>
public static class ReadyFiles
{
    public static IEnumerable<ReadyFile> Of(IEnumerable<StepRow> ready) =>
        from step in ready
        where step.Inputs is not null
        from text in Texts(Wire.Read<JsonElement>(step.Inputs!)).Distinct()
        where IsVersion(text)
        select new ReadyFile(text, step.Workspace, step.RunId, step.StepId, step.Capability);

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Texts(member.Value)),
        _ => [],
    };

    // workspace/path@version
    private static bool IsVersion(string text)
    {
        var (slash, at) = (text.IndexOf('/', StringComparison.Ordinal), text.LastIndexOf('@'));
        return slash > 0 && at > slash + 1 && at < text.Length - 1 && text.AsSpan(at + 1).IndexOfAnyExceptInRange('0', '9') < 0;
    }
}
