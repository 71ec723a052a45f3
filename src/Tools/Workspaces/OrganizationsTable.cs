using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Workspaces;

/// <summary>
/// Who owns an organization, and offers to take one over. What a principal may do at all stands in the operator's agents file; an owner is one more
/// condition: in the workspaces of an organization that has an owner, what only an admin may do is done by that owner alone.
/// </summary>
public static class OrganizationsTable
{
    public static readonly Table Schema = new("organizations",
        """
        create table organizations (organization text primary key, owner text not null, since_ms bigint not null);
        create table ownership_offers (
            token_sha256 text primary key, organization text not null, giver text not null, receiver text not null, made_at_ms bigint not null, expires_at_ms bigint not null);
        create index ownership_offers_by_organization on ownership_offers(organization, expires_at_ms);
        """);

    /// <summary>The owner; null while nobody took it over.</summary>
    public static ValueTask<string?> OwnerAsync(IQuery query, string organization) =>
        query.FirstAsync<string>("select owner from organizations where organization=@organization", new { organization });

    /// <summary>Lets nobody but the owner through, where there is one.</summary>
    /// <exception cref="ForbiddenError">The organization of the workspace is another's.</exception>
    public static async ValueTask RequireOwnerAsync(IQuery query, Caller caller, string workspace)
    {
        var owner = await query.FirstAsync<string>(
            "select owner from organizations join workspaces on workspaces.organization=organizations.organization where workspace=@workspace", new { workspace }).ConfigureAwait(false);
        if (owner is not null && owner != caller.Principal)
        {
            throw new ForbiddenError($"owner of the organization, which is '{owner}'", caller.Principal);
        }
    }

    public static ValueTask<int> OwnAsync(ITransaction tx, string organization, string owner) => tx.ExecuteAsync(
        """
        insert into organizations(organization, owner, since_ms) values(@organization, @owner, @NowMs)
        on conflict(organization) do update set owner=excluded.owner, since_ms=excluded.since_ms
        """,
        new { organization, owner, tx.NowMs });

    /// <summary>Offers that can still be taken.</summary>
    public static ValueTask<long> CountOffersAsync(IQuery query, string organization) => query.FirstAsync<long>(
        "select count(*) from ownership_offers where organization=@organization and expires_at_ms>@NowMs", new { organization, query.NowMs });

    public static ValueTask<int> OfferAsync(ITransaction tx, OwnershipOffer offer) => tx.ExecuteAsync(
        """
        insert into ownership_offers(token_sha256, organization, giver, receiver, made_at_ms, expires_at_ms)
        values(@TokenSha256, @Organization, @Giver, @Receiver, @MadeAtMs, @ExpiresAtMs)
        """,
        offer);

    /// <summary>The offer that a token stands for, while it can be taken.</summary>
    public static ValueTask<OwnershipOffer?> FindOfferAsync(IQuery query, string tokenSha256) => query.FirstAsync<OwnershipOffer>(
        """
        select token_sha256, organization, giver, receiver, made_at_ms, expires_at_ms from ownership_offers where token_sha256=@tokenSha256 and expires_at_ms>@NowMs
        """,
        new { tokenSha256, query.NowMs });

    /// <summary>Forgets every offer of an organization: one was taken.</summary>
    public static ValueTask<int> WithdrawAsync(ITransaction tx, string organization) =>
        tx.ExecuteAsync("delete from ownership_offers where organization=@organization", new { organization });
}

/// <summary>An offer to take an organization over; of its token only the hash is kept.</summary>
public sealed record OwnershipOffer
{
    public string TokenSha256 { get; init; } = "";
    public string Organization { get; init; } = "";
    public string Giver { get; init; } = "";
    public string Receiver { get; init; } = "";
    public long MadeAtMs { get; init; }
    public long ExpiresAtMs { get; init; }
}
