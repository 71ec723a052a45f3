using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Events;
using Pipeline.Tools.Idempotency;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Webhooks;

[Tool(Toolset.Webhooks, Changes = true)]
internal sealed partial class SubscribeWebhook(Call call, GuardedHttp http, Ids ids)
{
    /// <summary>How the ids of subscriptions begin.</summary>
    public const string IdPrefix = "sub";

    private const int MaxUrlLength = 2048;

    /// <summary>Sends a workspace's events to a URL as signed Standard Webhooks, retried until they arrive. The secret is shown only here.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="url">http or https; not a private address.</param>
    /// <param name="events">Such as "asset.written", "step.*", "*".</param>
    /// <param name="secret">whsec_ and base64 of 24 to 64 bytes; made if left out.</param>
    [McpServerTool(Name = "subscribe_webhook", Title = "Subscribe webhook", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = true, UseStructuredContent = true)]
    public async partial Task<Subscribed> RunAsync(
        string workspace, string url, string[] events, string? secret = null, CancellationToken cancellation = default)
    {
        KindPatterns.Parse(events, "events");
        var key = secret is null ? WebhookSecret.Make() : WebhookSecret.Check(secret);
        if (url.Length > MaxUrlLength)
        {
            throw new InvalidArgumentError("url", $"url is at most {MaxUrlLength} characters.");
        }

        await call.Database.ReadAsync(query => WorkspacesTable.RequireAsync(query, call.Caller, workspace), cancellation).ConfigureAwait(false);
        var address = await http.CheckAsync(url, "url", call.Caller, cancellation).ConfigureAwait(false);
        return await call.CommitAsync(workspace, null, async tx =>
        {
            await WorkspacesTable.RequireAsync(tx, call.Caller, workspace).ConfigureAwait(false);
            var row = new SubscriptionRow
            {
                SubscriptionId = ids.New(IdPrefix), Workspace = workspace, Url = address.AbsoluteUri, Host = address.Authority, Events = Wire.Write(events), Secret = key,
                Principal = call.Caller.Principal, Agent = call.Agent, CreatedAtMs = tx.NowMs,
            };
            await SubscriptionsTable.InsertAsync(tx, row).ConfigureAwait(false);
            return new Subscribed(row.SubscriptionId, workspace, events, key);
        }, cancellation, made => new { made.SubscriptionId, host = address.Authority, events }).ConfigureAwait(false);
    }
}

/// <summary>A subscription as made.</summary>
/// <param name="SubscriptionId">Its id.</param>
/// <param name="Workspace">Whose events.</param>
/// <param name="Events">Which of them.</param>
/// <param name="Secret">The key that signs: keep it, it is not shown again.</param>
/// <param name="SecretShown">True when the secret was shown before and is left out.</param>
public sealed record Subscribed(string SubscriptionId, string Workspace, IReadOnlyList<string> Events, string? Secret, bool? SecretShown = null) : IHoldsSecret
{
    public object WithoutSecret() => this with { Secret = null, SecretShown = true };
}
