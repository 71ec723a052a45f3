namespace Pipeline.Tools.Models;

/// <summary>The models of one capability by id, made ready for deciding.</summary>
public sealed class Lineup
{
    public static readonly Lineup Nobody = new([]);

    private readonly Dictionary<string, int> _places;

    public Lineup(CardFacts[] cards)
    {
        Cards = cards;
        _places = new Dictionary<string, int>(cards.Length, StringComparer.Ordinal);
        for (var at = 0; at < cards.Length; at++) _places[cards[at].Card.Id] = at;
    }

    public CardFacts[] Cards { get; }

    /// <summary>Where a model stands, or -1.</summary>
    public int Find(string model) => _places.TryGetValue(model, out var at) ? at : -1;
}
