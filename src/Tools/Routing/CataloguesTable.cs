using Pipeline.Storage.State;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>The catalogues that decisions were made from, each once, by the hash of its document: with them a decision can be made again anywhere.</summary>
public static class CataloguesTable
{
    public static readonly Table Schema = new("catalogues",
        "create table catalogues (sha256 text primary key, document text not null, at_ms bigint not null);");

    /// <summary>Keeps a catalogue, if it is not kept yet.</summary>
    public static async ValueTask KeepAsync(ITransaction tx, Catalogue catalogue)
    {
        if (await tx.FirstAsync<long>("select count(*) from catalogues where sha256=@Sha256", new { catalogue.Sha256 }).ConfigureAwait(false) > 0) return;
        await tx.ExecuteAsync("insert into catalogues(sha256, document, at_ms) values(@Sha256, @Document, @NowMs) on conflict(sha256) do nothing",
            new { catalogue.Sha256, catalogue.Document, tx.NowMs }).ConfigureAwait(false);
    }

    /// <summary>The catalogue of that hash, or null.</summary>
    public static async ValueTask<Catalogue?> FindAsync(IQuery query, string sha256) =>
        await query.FirstAsync<string>("select document from catalogues where sha256=@sha256", new { sha256 }).ConfigureAwait(false) is { } document ? Catalogue.FromDocument(document) : null;
}
