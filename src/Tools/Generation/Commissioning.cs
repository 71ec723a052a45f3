using System.Globalization;
using System.Text.Json.Nodes;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Models;
using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Generation;

/// <summary>Holds an order against the catalogue before any money moves: model, provider, references, fitness, price.</summary>
internal sealed class Commissioning(Call call, CatalogueBook book, ProviderDirectory providers, AssetReader reader, RecordingLength lengths, TimeProvider time)
{
    private const int MostReferences = 32;

    /// <exception cref="UnfitModelError">The model cannot take it.</exception>
    /// <exception cref="NoPriceError">It has no price.</exception>
    /// <exception cref="NoProviderError">Its provider is not set up here.</exception>
    public async Task<PricedOrder> PriceAsync(JobOrder order, CancellationToken cancellation)
    {
        var catalogue = await call.Database.ReadAsync(book.CurrentAsync, cancellation).ConfigureAwait(false);
        var card = catalogue.Find(order.Model) ?? throw new NotFoundError("model", order.Model, "list_models");
        var capability = order.Capability ?? (card.Capabilities is [var only] ? only
            : throw new InvalidArgumentError("capability", $"'{card.Id}' can do {string.Join(", ", card.Capabilities)}; name one."));
        providers.Require(card.Provider);
        var references = await PinAsync(order.References, cancellation).ConfigureAwait(false);
        PricedParameters.Check(order.Parameters, card.Price);
        var (read, demand) = DemandOf(capability, order, references);
        if (card.Price is { } price && (price.PerSecondMicros > 0 || price.PerResolutionMicros.Count > 0) && !PricedParameters.SaysLength(read)
            && await lengths.LongestAsync(references, cancellation).ConfigureAwait(false) is { } longest)
        {
            demand = demand with { DurationSeconds = longest };
        }

        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (Fitness.Misfits(card, demand, today) is { Count: > 0 } misfits)
        {
            throw new UnfitModelError(card.Id, capability, misfits);
        }

        var bound = card.Price?.Of(demand) ?? throw new NoPriceError(card.Id);
        if (order.Promotes is { } promoted)
        {
            await RequireApprovedAsync(promoted, cancellation).ConfigureAwait(false);
        }

        var premium = catalogue.For(capability).Where(other => Fitness.Misfits(other, demand, today).Count == 0).Max(other => other.Price?.Of(demand));
        return new(card, capability, [.. references.Select(row => row.Address)], PricedParameters.Said(order.Parameters, read, demand, card.Price), bound, premium);
    }

    /// <summary>The price's day and the model's version, as they are frozen with the job.</summary>
    public static string PriceVersion(ModelCard card) =>
        string.Create(CultureInfo.InvariantCulture, $"{card.Version} of {(card.Price?.Dated is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "no date")}");

    private async Task<IReadOnlyList<AssetRow>> PinAsync(IReadOnlyList<string> references, CancellationToken cancellation)
    {
        if (references.Count > MostReferences)
        {
            throw new InvalidArgumentError("references", $"references names at most {MostReferences} assets, not {references.Count}.");
        }

        var pinned = new List<AssetRow>();
        foreach (var reference in references)
        {
            pinned.Add(await reader.FindAsync(reference, cancellation).ConfigureAwait(false));
        }

        return pinned;
    }

    private static (JsonObject Read, Demand Demand) DemandOf(string capability, JobOrder order, IReadOnlyList<AssetRow> references)
    {
        var given = references.Select(row => KindOf(row.MediaType)).ToHashSet();
        var read = PricedParameters.OfDemand(order.Parameters, given.Contains(MediaKind.Video) || given.Contains(MediaKind.Audio));
        var asked = Demand.From(capability, read);
        if (order.Prompt.Length > 0)
        {
            given.Add(MediaKind.Text);
        }

        return (read, asked with { Prompt = order.Prompt, References = references.Count, Given = [.. given] });
    }

    private static MediaKind KindOf(string mediaType) => mediaType.Split('/')[0] switch
    {
        "image" => MediaKind.Image,
        "video" => MediaKind.Video,
        "audio" => MediaKind.Audio,
        _ => MediaKind.Text,
    };

    // What a delivery rests on is a human's yes to exactly that version, and it ends when the version moves.
    private async Task RequireApprovedAsync(string promoted, CancellationToken cancellation)
    {
        var row = await reader.FindAsync(promoted, cancellation).ConfigureAwait(false);
        var stands = await call.Database.ReadAsync(query => ApprovalsTable.IsApprovedAsync(query, row.Name, row.Version), cancellation).ConfigureAwait(false);
        if (!stands)
        {
            throw new NotApprovedError(row.Address);
        }
    }
}
