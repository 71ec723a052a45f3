using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Models;

[Tool(Toolset.Routing)]
internal sealed partial class ListModels(Call call, CatalogueBook book)
{
    /// <summary>Lists the models that steps can be routed to: what they can do, limits, price, tier.</summary>
    /// <param name="capability">Only those that can do it.</param>
    /// <param name="tier">Only these.</param>
    [McpServerTool(Name = "list_models", Title = "List models", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<ModelList> RunAsync(string? capability = null, Tier? tier = null, CancellationToken cancellation = default)
    {
        var catalogue = await call.Database.ReadAsync(book.CurrentAsync, cancellation).ConfigureAwait(false);
        var cards = capability is null ? catalogue.Models : catalogue.RequireFor(capability);
        return new ModelList([.. cards.Where(card => tier is null || card.Tier == tier)]);
    }
}

/// <summary>Models by id.</summary>
public sealed record ModelList(IReadOnlyList<ModelCard> Models);
