using Pipeline.Storage.State;

namespace Pipeline.Tools.Models;

/// <summary>
/// The catalogue as it stands now: the shipped cards, over them the operator's file, over both the cards that administrators registered. Made once for
/// every revision of the registered ones, so that asking costs one small read.
/// </summary>
public sealed class CatalogueBook(Catalogue files)
{
    private Edition? _latest;

    /// <summary>What the files say, without registered cards.</summary>
    public Catalogue Files { get; } = files;

    public async ValueTask<Catalogue> CurrentAsync(IQuery query)
    {
        var revision = await ModelCardsTable.NewestAsync(query).ConfigureAwait(false);
        if (revision is null) return Files;
        if (Volatile.Read(ref _latest) is { } known && known.Revision == revision) return known.Catalogue;
        var registered = (await ModelCardsTable.CurrentAsync(query).ConfigureAwait(false)).Select(row => row.Read()).ToDictionary(card => card.Id, StringComparer.Ordinal);
        var made = new Edition(revision, new Catalogue(Files.Models.Where(card => !registered.ContainsKey(card.Id)).Concat(registered.Values)));
        Volatile.Write(ref _latest, made);
        return made.Catalogue;
    }

    private sealed record Edition(CatalogueRevision Revision, Catalogue Catalogue);
}
