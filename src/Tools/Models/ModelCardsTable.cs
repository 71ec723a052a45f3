using Pipeline.Storage.State;

namespace Pipeline.Tools.Models;

/// <summary>Registered cards. Rows are only ever added: the newest of a model counts, older ones are its history.</summary>
public static class ModelCardsTable
{
    public static readonly Table Schema = new("model_cards",
        """
        create table model_cards (
            revision {identity}, model text not null, version bigint not null, card text not null, principal text not null, agent text not null, at_ms bigint not null,
            unique (model, version));
        """);

    private const string Columns = "revision, model, version, card, principal, agent, at_ms";

    /// <summary>What was registered last; null when nothing ever was.</summary>
    public static ValueTask<CatalogueRevision?> NewestAsync(IQuery query) =>
        query.FirstAsync<CatalogueRevision>("select revision, model, version, at_ms from model_cards order by revision desc limit 1");

    /// <summary>The newest row of every registered model.</summary>
    public static ValueTask<IReadOnlyList<ModelCardRow>> CurrentAsync(IQuery query) => query.QueryAsync<ModelCardRow>(
        $"select {Columns} from model_cards where revision in (select max(revision) from model_cards group by model) order by model");

    /// <summary>The newest row of one model, or null.</summary>
    public static ValueTask<ModelCardRow?> FindAsync(IQuery query, string model) =>
        query.FirstAsync<ModelCardRow>($"select {Columns} from model_cards where model=@model order by version desc limit 1", new { model });

    /// <summary>Adds a row and gives its revision. Called within one scope for all models, so that revisions are seen in order.</summary>
    public static ValueTask<long> AddAsync(ITransaction tx, ModelCardRow row) => tx.FirstAsync<long>(
        "insert into model_cards(model, version, card, principal, agent, at_ms) values(@Model, @Version, @Card, @Principal, @Agent, @AtMs) returning revision", row);
}
