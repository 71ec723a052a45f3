using System.Reflection;
using System.Text.Json;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Models;

/// <summary>The models that may be called, edited as data: <c>{"dated", "models": [card, ...]}</c>.</summary>
public sealed class Catalogue
{
    private const string Resource = "Pipeline.Tools.Models.catalogue.json";

    private const long MostMicros = 1_000_000_000_000;

    private readonly Dictionary<string, ModelCard> _byId;
    private readonly Dictionary<string, Lineup> _byCapability;
    private string? _document;
    private string? _sha256;

    /// <exception cref="InvalidCatalogueError">Two cards share an id, or a card contradicts itself.</exception>
    public Catalogue(IEnumerable<ModelCard> models)
    {
        Models = [.. models.OrderBy(card => card.Id, StringComparer.Ordinal)];
        _byId = new Dictionary<string, ModelCard>(StringComparer.Ordinal);
        foreach (var card in Models)
        {
            Check(card);
            if (!_byId.TryAdd(card.Id, card)) throw new InvalidCatalogueError($"Two models have the id '{card.Id}'; ids are unique.");
        }

        _byCapability = Models.Select(card => new CardFacts(card)).SelectMany(facts => facts.Card.Capabilities.Distinct().Select(capability => (capability, facts)))
            .GroupBy(pair => pair.capability, pair => pair.facts, StringComparer.Ordinal).ToDictionary(group => group.Key, group => new Lineup([.. group]), StringComparer.Ordinal);
    }

    /// <summary>All models by id.</summary>
    public IReadOnlyList<ModelCard> Models { get; }

    /// <summary>The model named <paramref name="id"/>, or null.</summary>
    public ModelCard? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The models that can do <paramref name="capability"/>, by id.</summary>
    public IEnumerable<ModelCard> For(string capability) => Lineup(capability).Cards.Select(facts => facts.Card);

    /// <summary>The same, where there must be one.</summary>
    /// <exception cref="InvalidArgumentError">No model can: it says what models can do.</exception>
    public IEnumerable<ModelCard> RequireFor(string capability) => _byCapability.ContainsKey(capability) ? For(capability)
        : throw new InvalidArgumentError("capability", $"No model does '{capability}'; models do {string.Join(", ", _byCapability.Keys.Order(StringComparer.Ordinal))}.");

    /// <summary>The models that can do it, made ready for deciding.</summary>
    public Lineup Lineup(string capability) => _byCapability.GetValueOrDefault(capability) ?? Pipeline.Tools.Models.Lineup.Nobody;

    /// <summary>All cards as one JSON document, the same for the same cards.</summary>
    public string Document => _document ??= Wire.Write(Models);

    /// <summary>The SHA-256 of <see cref="Document"/>: names this state of the catalogue in stored decisions.</summary>
    public string Sha256 => _sha256 ??= Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Document)));

    /// <summary>The catalogue that <see cref="Document"/> was written from.</summary>
    public static Catalogue FromDocument(string document) => new(Wire.Read<List<ModelCard>>(document));

    /// <summary>The sample that comes with the product; its prices are examples of the day they carry.</summary>
    public static Catalogue Shipped()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
            ?? throw new InvalidCatalogueError("The shipped catalogue is missing from this build.");
        return Read(stream);
    }

    /// <summary>Reads a catalogue; a field that no card has is refused by name.</summary>
    /// <exception cref="InvalidCatalogueError">The text is not a catalogue.</exception>
    public static Catalogue Read(Stream json)
    {
        try
        {
            var file = JsonSerializer.Deserialize<CatalogueFile>(json, OperatorJson.Strict) ?? throw new InvalidCatalogueError("The catalogue is empty.");
            return new Catalogue(file.Models);
        }
        catch (JsonException wrong)
        {
            throw new InvalidCatalogueError($"The catalogue cannot be read: {OperatorJson.Say(wrong)}.", new { path = wrong.Path });
        }
    }

    /// <summary>Reads one card as strictly as a whole catalogue.</summary>
    /// <exception cref="InvalidCatalogueError">It is none, or contradicts itself.</exception>
    public static ModelCard ReadCard(JsonElement json)
    {
        try
        {
            var card = json.Deserialize<ModelCard>(OperatorJson.Strict) ?? throw new InvalidCatalogueError("The card is empty.");
            Check(card);
            return card;
        }
        catch (JsonException wrong)
        {
            throw new InvalidCatalogueError($"The card cannot be read: {OperatorJson.Say(wrong)}.", new { path = wrong.Path });
        }
    }

    private static void Check(ModelCard card)
    {
        string? wrong = card switch
        {
            { Id: "" } => "its id is empty",
            { Capabilities.Count: 0 } => "it has no capability",
            { Quality: not (>= 0 and <= 1) } => "quality is not between 0 and 1",
            { Latency.FixedSeconds: not (>= 0 and <= 86_400) } or { Latency.PerMediaSecond: not (>= 0 and <= 86_400) } => "a latency is negative or beyond a day",
            { Price: { } price } when !IsReckonable(price) => "a price is negative or above a million dollars",
            { Price: { } price } when price.PerResolutionMicros.Keys.Any(name => !IsResolution(name)) => "a resolution is not written as 720p",
            { Price.ByParameter: { } rules } when rules.Any(rule => rule.Key.Length == 0 || rule.Value is null || rule.Value.Values.Any(factor => factor is not (> 0 and <= 1_000)) || (rule.Value.ContainsKey(ParameterFactor.Each) && rule.Value.Count > 1)) =>
                "a rule of price.by_parameter is not {\"each\": factor}, {word: factor, ...} or {}, with factors above 0 and at most 1000",
            { Rate.Concurrent: <= 0 } or { Rate.RequestsPerMinute: <= 0 } => "a rate is not positive",
            { Rate: { } rate } when rate.Reserved.Any(slot => slot.Value < 0 || !card.Capabilities.Contains(slot.Key)) => "a reserved slot is negative or for what it cannot do",
            { Rate: { } rate } when rate.Reserved.Values.Sum() > (rate.Concurrent ?? 0) => "more slots are reserved than it has (rate.concurrent)",
            _ when card.Requires.Any(kind => !card.Inputs.Contains(kind)) => "it requires an input that it does not take",
            _ => null,
        };
        if (wrong is not null) throw new InvalidCatalogueError($"Model '{card.Id}': {wrong}.", new { model = card.Id });
    }

    private static bool IsReckonable(ModelPrice price) =>
        new[] { price.PerRequestMicros, price.PerSecondMicros, price.PerMillionInputTokensMicros, price.PerMillionOutputTokensMicros }
            .Concat(price.PerResolutionMicros.Values).All(micros => micros is >= 0 and <= MostMicros);

    private static bool IsResolution(string name) =>
        name.Length is > 1 and < 7 && name[^1] == 'p' && name.AsSpan(0, name.Length - 1).IndexOfAnyExceptInRange('0', '9') < 0;

    private sealed record CatalogueFile(IReadOnlyList<ModelCard> Models, DateOnly? Dated = null, string? Note = null);
}
