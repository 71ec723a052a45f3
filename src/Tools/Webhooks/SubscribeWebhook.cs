using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Events;
using Pipeline.Tools.Idempotency;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Webhooks;

[Tool(Toolset.Webhooks, Changes = true)]
internal sealed partial class SubscribeWebhook(Call call, GuardedHttp http, WebhookOptions options, Ids ids)
{
    /// <summary>How the ids of subscriptions begin.</summary>
    public const string IdPrefix = "sub";

    private const int MaxUrlLength = 2048;

    /// <summary>Sends a workspace's events to a URL as Standard Webhooks until they arrive. Shows the secret once.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="url">Public http(s).</param>
    /// <param name="events">Such as "step.*" or "*".</param>
    /// <param name="secret">whsec_ or whsk_ key, or v1a to make one.</param>
    /// <param name="subscription_id">Renews it; the old key signs on for 24 h.</param>
    [McpServerTool(Name = "subscribe_webhook", Title = "Subscribe webhook", ReadOnly = false, Destructive = false, Idempotent = false, OpenWorld = true, UseStructuredContent = true)]
    public async partial Task<Subscribed> RunAsync(
        string workspace, string url, string[] events, string? secret = null, string? subscription_id = null, CancellationToken cancellation = default)
    {
        KindPatterns.Parse(events, "events");
        var made = secret is null or WebhookSecret.V1 or WebhookSecret.V1A ? WebhookSecret.Make(secret ?? WebhookSecret.V1) : WebhookSecret.Check(secret);
        if (url.Length > MaxUrlLength)
        {
            throw new InvalidArgumentError("url", $"url is at most {MaxUrlLength} characters.");
        }

        await call.Database.ReadAsync(query => BeforeAsync(query, workspace, subscription_id), cancellation).ConfigureAwait(false);
        var address = await http.CheckAsync(url, "url", call.Caller, cancellation).ConfigureAwait(false);
        return await call.CommitAsync(workspace, null, async tx =>
        {
            var before = await BeforeAsync(tx, workspace, subscription_id).ConfigureAwait(false);
            var row = (before ?? new SubscriptionRow
            {
                SubscriptionId = ids.New(IdPrefix), Workspace = workspace, Principal = call.Caller.Principal, Agent = call.Agent, CreatedAtMs = tx.NowMs,
            }) with
            { Url = address.AbsoluteUri, Host = address.Authority, Events = Wire.Write(events), Secret = made };
            if (before is null)
            {
                await SubscriptionsTable.InsertAsync(tx, row).ConfigureAwait(false);
            }
            else
            {
                row = before.Secret == made ? row : row with { OldSecret = before.Secret, OldSecretUntilMs = tx.NowMs + (long)options.KeyOverlap.TotalMilliseconds };
                await SubscriptionsTable.RenewAsync(tx, row).ConfigureAwait(false);
            }

            var publicKey = WebhookSecret.PublicKey(made);
            return new Subscribed(row.SubscriptionId, workspace, events, publicKey is null ? made : null, publicKey, row.OldSecret is null ? null : Instant.From(row.OldSecretUntilMs));
        }, cancellation, answer => new { answer.SubscriptionId, host = address.Authority, events, renewed = subscription_id is not null }).ConfigureAwait(false);
    }

    // The subscription to renew, if one is named.
    private async ValueTask<SubscriptionRow?> BeforeAsync(IQuery query, string workspace, string? subscriptionId)
    {
        await WorkspacesTable.RequireAsync(query, call.Caller, workspace).ConfigureAwait(false);
        return subscriptionId is null ? null : await SubscriptionsTable.RequireAsync(query, call.Caller, subscriptionId, workspace).ConfigureAwait(false);
    }
}

/// <summary>A subscription as made or renewed.</summary>
/// <param name="SubscriptionId">Its id.</param>
/// <param name="Workspace">Whose events.</param>
/// <param name="Events">Which of them.</param>
/// <param name="Secret">The key that signs v1: keep it, it is not shown again.</param>
/// <param name="PublicKey">What verifies v1a; its private half stays here.</param>
/// <param name="OldKeyUntil">Until when the key before signs too.</param>
/// <param name="SecretShown">True when the secret was shown before and is left out.</param>
public sealed record Subscribed(
    string SubscriptionId, string Workspace, IReadOnlyList<string> Events, string? Secret, string? PublicKey = null, DateTimeOffset? OldKeyUntil = null, bool? SecretShown = null)
    : IHoldsSecret
{
    public object WithoutSecret() => Secret is null ? this : this with { Secret = null, SecretShown = true };
}
