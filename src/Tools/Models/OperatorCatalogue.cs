namespace Pipeline.Tools.Models;

/// <summary>The catalogue that a server works with: the shipped cards, and over them those of the operator's own file.</summary>
public static class OperatorCatalogue
{
    /// <summary>Loads it once, at the start.</summary>
    /// <param name="named">A file that the operator named; it must be there. Null when none was named.</param>
    /// <param name="usual">Where the operator's file lies otherwise, if there is one.</param>
    /// <exception cref="InvalidCatalogueError">The file is missing or no catalogue.</exception>
    public static Catalogue Load(string? named, string usual)
    {
        var shipped = Catalogue.Shipped();
        if (named is null && !File.Exists(usual))
        {
            return shipped;
        }

        if (named is not null && !File.Exists(named))
        {
            throw new InvalidCatalogueError($"There is no catalogue at '{named}'.");
        }

        using var file = File.OpenRead(named ?? usual);
        var own = Catalogue.Read(file);
        return new Catalogue(shipped.Models.Where(card => own.Find(card.Id) is null).Concat(own.Models));
    }
}
