using System.Text.Json;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Runs;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Presence;

/// <summary>The assets that ready steps take and that are there: what steps before have finished, and what the plan itself names.</summary>
internal static class ReadyFiles
{
    public static async ValueTask<IReadOnlyList<ReadyFile>> OfAsync(IQuery query, IReadOnlyList<StepRow> ready)
    {
        var files = new List<ReadyFile>();
        foreach (var step in ready.Where(step => step.Inputs is not null))
        {
            foreach (var text in Texts(Wire.Read<JsonElement>(step.Inputs!)).Distinct())
            {
                // Another workspace's files are for those who see it.
                if (text.StartsWith(step.Workspace + "/", StringComparison.Ordinal) && Name(text) is { } name
                    && await AssetsTable.FindAsync(query, name).ConfigureAwait(false) is { } row)
                {
                    files.Add(new(row.Address, step.Workspace, step.RunId, step.StepId, step.Capability));
                }
            }
        }

        return files;
    }

    private static AssetName? Name(string text)
    {
        try
        {
            return AssetName.Parse(text);
        }
        catch (InvalidArgumentError)
        {
            return null; // a text that is no address
        }
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(member => Texts(member.Value)),
        _ => [],
    };
}
