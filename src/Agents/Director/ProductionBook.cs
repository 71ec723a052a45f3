using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Director;

/// <summary>Keeps productions on the server and finds the one to go on with.</summary>
public sealed class ProductionBook(Connection connection, string workspace)
{
    private const int Page = 100;
    private const string Folder = "plans/production-";

    private static readonly JsonSerializerOptions Pretty = new(Wire.Json) { WriteIndented = true };

    public Task SaveAsync(Production production, CancellationToken ct) =>
        PutAsync($"{workspace}/plans/{production.ProductionId}.json", Wire.Object(production), ct);

    /// <summary>Writes a document under its lock, as its next version.</summary>
    public async Task PutAsync(string asset, JsonObject document, CancellationToken ct)
    {
        var held = await TakeAsync(asset, ct).ConfigureAwait(false);
        try
        {
            await connection.ChangeAsync("put_asset", new { asset, text = document.ToJsonString(Pretty), media_type = "application/json", lock_token = held.Whole("token") }, Intent.New("put"), ct).ConfigureAwait(false);
        }
        finally
        {
            await connection.ChangeAsync("release_lock", new { lock_id = held.Text("lock_id") }, Intent.New("unlock"), ct).ConfigureAwait(false);
        }
    }

    /// <summary>The production of that run, or the newest one that is not over; null when there is none.</summary>
    public async Task<Production?> FindAsync(string? runId, CancellationToken ct)
    {
        foreach (var asset in await NewestFirstAsync(ct).ConfigureAwait(false))
        {
            var read = await connection.ReadAsync("read_asset", new { asset, offset = 0, length = 1 << 20 }, ct).ConfigureAwait(false);
            var production = Wire.Read<Production>(JsonNode.Parse(read.Text("text") ?? "null"));
            if (production is not null && (runId is null ? production.Verdict is null : production.RunId == runId)) return production;
        }

        return null;
    }

    /// <summary>A document that was kept; null when there is none.</summary>
    public async Task<JsonObject?> ReadAsync(string asset, CancellationToken ct)
    {
        var text = new System.Text.StringBuilder();
        try
        {
            while (true)
            {
                var read = await connection.ReadAsync("read_asset", new { asset, offset = System.Text.Encoding.UTF8.GetByteCount(text.ToString()), length = 1 << 20 }, ct).ConfigureAwait(false);
                var part = read.Text("text") ?? "";
                text.Append(part);
                if (part.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(text.ToString()) >= read.Whole("total_bytes")) break;
            }
        }
        catch (ToolRefused refusal) when (refusal.Code == "not_found")
        {
            return null;
        }

        return JsonNode.Parse(text.ToString()) as JsonObject;
    }

    private async Task<IReadOnlyList<string>> NewestFirstAsync(CancellationToken ct)
    {
        var found = new List<(string At, string Asset)>();
        string? cursor = null;
        do
        {
            var page = await connection.ReadAsync("list_assets", new { workspace, prefix = Folder, cursor, limit = Page }, ct).ConfigureAwait(false);
            found.AddRange(page.Objects("assets").Select(asset => (asset.Text("modified_at") ?? "", asset.Text("asset")!)));
            cursor = page.Text("cursor");
        }
        while (cursor is not null);
        return [.. found.OrderByDescending(one => one.At, StringComparer.Ordinal).Select(one => one.Asset)];
    }

    private async Task<JsonObject> TakeAsync(string asset, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return await connection.ChangeAsync("acquire_lock", new { asset, ttl_seconds = 30, wait_seconds = 20, purpose = "the director's papers" }, Intent.New("lock"), ct).ConfigureAwait(false);
            }
            catch (ToolRefused refusal) when (refusal.Code == "lock_held")
            {
                ct.ThrowIfCancellationRequested();
            }
        }
    }
}
