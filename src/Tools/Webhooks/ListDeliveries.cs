using System.Globalization;
using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Webhooks;

[Tool(Toolset.Webhooks)]
internal sealed partial class ListDeliveries(Call call)
{
    /// <summary>Lists webhook deliveries, newest first.</summary>
    /// <param name="workspace">All of a workspace.</param>
    /// <param name="subscription_id">Or of this.</param>
    /// <param name="state">queued, delivered, retrying or dead.</param>
    /// <param name="cursor">From the page before.</param>
    /// <param name="limit">1 to 100.</param>
    [McpServerTool(Name = "list_deliveries", Title = "List deliveries", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<DeliveryList> RunAsync(
        string? workspace = null, string? subscription_id = null, string? state = null, string? cursor = null, int limit = 50, CancellationToken cancellation = default)
    {
        Limits.Page(limit);
        if (state is not null && !DeliveryState.All.Contains(state))
        {
            throw new InvalidArgumentError("state", $"state is one of {string.Join(", ", DeliveryState.All)}.");
        }

        var (before, beforeId) = Parse(cursor);
        return await call.Database.ReadAsync(async query =>
        {
            var place = await PlaceAsync(query, workspace, subscription_id).ConfigureAwait(false);
            var rows = await DeliveriesTable.PageAsync(query, place, subscription_id, state, before, beforeId, limit + 1).ConfigureAwait(false);
            DeliveryRow[] page = [.. rows.Take(limit)];
            return new DeliveryList([.. page.Select(DeliveryEntry.From)], rows.Count > limit ? $"{page[^1].EventCursor}:{page[^1].DeliveryId}" : null);
        }, cancellation).ConfigureAwait(false);
    }

    private static (long Before, string BeforeId) Parse(string? cursor)
    {
        var parts = cursor?.Split(':', 2);
        return parts is null ? (long.MaxValue, "")
            : parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var before) ? (before, parts[1])
            : throw new InvalidArgumentError("cursor", "cursor is what the page before gave.");
    }

    private async ValueTask<string> PlaceAsync(IQuery query, string? workspace, string? subscriptionId)
    {
        if (subscriptionId is not null)
        {
            return (await SubscriptionsTable.RequireAsync(query, call.Caller, subscriptionId, workspace).ConfigureAwait(false)).Workspace;
        }

        return workspace is null ? throw new InvalidArgumentError("workspace", "Name a workspace or a subscription_id.")
            : (await WorkspacesTable.RequireAsync(query, call.Caller, workspace).ConfigureAwait(false)).Workspace;
    }
}

/// <summary>A page of deliveries, newest first.</summary>
public sealed record DeliveryList(IReadOnlyList<DeliveryEntry> Deliveries, string? Cursor);

/// <summary>How one delivery stands.</summary>
public sealed record DeliveryEntry(
    string DeliveryId, string SubscriptionId, string Event, string State, long Attempts, DateTimeOffset? NextAttemptAt, long? LastStatus, string? LastError, DateTimeOffset CreatedAt)
{
    internal static DeliveryEntry From(DeliveryRow row) => new(
        row.DeliveryId, row.SubscriptionId, row.Kind, row.State, row.Attempts, row.EndedAtMs is null ? Instant.From(row.DueAtMs) : null,
        row.LastStatus, row.LastError, Instant.From(row.CreatedAtMs));
}
