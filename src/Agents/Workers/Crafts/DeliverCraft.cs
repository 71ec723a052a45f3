using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers.Crafts;

/// <summary><c>deliver</c>: names the version that is handed over, and exports it when a path is given.</summary>
public sealed class DeliverCraft : ICraft
{
    public IReadOnlyList<string> Capabilities { get; } = ["deliver"];

    public async Task<StepReport> DoAsync(StepWork work, CancellationToken ct)
    {
        var asset = work.Need("asset");
        var known = await work.ReadAsync("get_asset", new { asset }, ct).ConfigureAwait(false);
        var path = work.Inputs.Text("path");
        if (path is not null) path = (await work.ChangeAsync("export_asset", new { asset, path, overwrite = true }, "export", ct).ConfigureAwait(false)).Text("path") ?? path;
        return StepReport.Of(new { asset = StepWork.Pinned(known), path, sha256 = known.Text("sha256") }, new { size_bytes = known.Whole("size_bytes") });
    }
}
