using System.Security.Cryptography;
using System.Text;
using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Audit;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Idempotency;

namespace Pipeline.Tools.Workspaces;

[Tool(Toolset.Admin, Changes = true, Admin = true)]
internal sealed partial class TransferOwnership(Call call, EventLog events, Ids ids)
{
    private const int MostOffers = 5;
    private const long OfferedMs = 72 * 60 * 60 * 1000L;

    /// <summary>Hands an organization with its workspaces to another principal: gives a token, shown once, with which that principal calls this tool to take it.</summary>
    /// <param name="organization">Its name.</param>
    /// <param name="to">The receiving principal.</param>
    /// <param name="claim_token">Instead of to: takes over what was offered to you.</param>
    [McpServerTool(Name = "transfer_ownership", Title = "Transfer ownership", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<Ownership> RunAsync(string organization, string? to = null, string? claim_token = null, CancellationToken cancellation = default)
    {
        WorkspaceName.Check(organization, "organization");
        if (to is null == claim_token is null || to is { Length: 0 or > 200 })
        {
            throw new InvalidArgumentError("to", "Give 'to', a principal, to offer the organization, or claim_token to take it over.");
        }

        var token = ids.New("claim") + ids.New("").TrimStart('_');
        return await call.CommitAsync(
            "", null, tx => to is not null ? OfferAsync(tx, organization, to, token) : ClaimAsync(tx, organization, claim_token!), cancellation,
            result => new { result.Organization, result.From, result.To, result.State }, scope: Scopes.Everything).ConfigureAwait(false);
    }

    private async ValueTask<Ownership> OfferAsync(ITransaction tx, string organization, string to, string token)
    {
        var workspaces = await MineAsync(tx, organization).ConfigureAwait(false);
        if (await OrganizationsTable.OwnerAsync(tx, organization).ConfigureAwait(false) is { } owner && owner != call.Caller.Principal)
        {
            throw new ForbiddenError($"owner of the organization, which is '{owner}'", call.Caller.Principal);
        }

        if (to == call.Caller.Principal)
        {
            throw new InvalidArgumentError("to", "That is you. Name another principal.");
        }

        if (await OrganizationsTable.CountOffersAsync(tx, organization).ConfigureAwait(false) >= MostOffers)
        {
            throw new TooManyOffersError(organization, MostOffers);
        }

        var offer = new OwnershipOffer
        {
            TokenSha256 = Hash(token), Organization = organization, Giver = call.Caller.Principal, Receiver = to, MadeAtMs = tx.NowMs, ExpiresAtMs = tx.NowMs + OfferedMs,
        };
        await OrganizationsTable.OfferAsync(tx, offer).ConfigureAwait(false);
        await TellAsync(tx, workspaces, "organization.offered", offer).ConfigureAwait(false);
        return new(organization, offer.Giver, to, "offered", workspaces, token, null, Instant.From(offer.ExpiresAtMs));
    }

    private async ValueTask<Ownership> ClaimAsync(ITransaction tx, string organization, string token)
    {
        // Another's token, one that ran out and one that never was look the same.
        if (await OrganizationsTable.FindOfferAsync(tx, Hash(token)).ConfigureAwait(false) is not { } offer
            || offer.Organization != organization || offer.Receiver != call.Caller.Principal)
        {
            throw new NotFoundError("open transfer of", organization);
        }

        var workspaces = await MineAsync(tx, organization).ConfigureAwait(false);
        await OrganizationsTable.OwnAsync(tx, organization, call.Caller.Principal).ConfigureAwait(false);
        await OrganizationsTable.WithdrawAsync(tx, organization).ConfigureAwait(false);
        await TellAsync(tx, workspaces, "organization.transferred", offer).ConfigureAwait(false);
        return new(organization, offer.Giver, offer.Receiver, "transferred", workspaces, null, null, null);
    }

    // Giver and receiver both see all of it, or it would be handed over blindly.
    private async ValueTask<IReadOnlyList<string>> MineAsync(ITransaction tx, string organization)
    {
        List<string> all = [.. (await WorkspacesTable.AllAsync(tx).ConfigureAwait(false)).Where(row => row.Organization == organization).Select(row => row.Workspace)];
        if (!all.Exists(call.Caller.Sees))
        {
            throw new NotFoundError("organization", organization);
        }

        return all.TrueForAll(call.Caller.Sees) ? all : throw new ForbiddenError($"access to every workspace of '{organization}' in the agents file", "some");
    }

    // Each workspace's own log goes on, and says so.
    private async ValueTask TellAsync(ITransaction tx, IReadOnlyList<string> workspaces, string kind, OwnershipOffer offer)
    {
        var facts = new { offer.Organization, from = offer.Giver, to = offer.Receiver };
        foreach (var workspace in workspaces)
        {
            await AuditTable.AppendAsync(tx, new(workspace, call.Caller.Principal, call.Agent, call.Tool, null, "ok", Wire.Write(new { happened = kind, facts.Organization, facts.from, facts.to }))).ConfigureAwait(false);
            await events.AppendAsync(tx, workspace, kind, offer.Organization, facts).ConfigureAwait(false);
        }
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}

/// <summary>An organization offered or handed over.</summary>
/// <param name="From">Who gives it.</param>
/// <param name="To">Who gets it.</param>
/// <param name="State">offered or transferred.</param>
/// <param name="Workspaces">What belongs to it.</param>
/// <param name="ClaimToken">Pass it on: it is not shown again.</param>
/// <param name="SecretShown">True when the token was shown before and is left out.</param>
/// <param name="ExpiresAt">Until when it can be claimed.</param>
public sealed record Ownership(
    string Organization, string From, string To, string State, IReadOnlyList<string> Workspaces, string? ClaimToken, bool? SecretShown, DateTimeOffset? ExpiresAt) : IHoldsSecret
{
    public object WithoutSecret() => ClaimToken is null ? this : this with { ClaimToken = null, SecretShown = true };
}
