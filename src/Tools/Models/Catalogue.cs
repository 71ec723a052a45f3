using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Tools.Models;

/// <summary>The models that may be called, edited as data: <c>{"dated", "models": [card, ...]}</c>.</summary>
public sealed class Catalogue
{
    private const string Resource = "Pipeline.Tools.Models.catalogue.json";

    private static readonly JsonSerializerOptions Strict = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private readonly Dictionary<string, ModelCard> _byId;
    private readonly ILookup<string, ModelCard> _byCapability;

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

        _byCapability = Models.SelectMany(card => card.Capabilities.Distinct().Select(capability => (capability, card)))
            .ToLookup(pair => pair.capability, pair => pair.card, StringComparer.Ordinal);
    }

    /// <summary>All models by id.</summary>
    public IReadOnlyList<ModelCard> Models { get; }

    /// <summary>The model named <paramref name="id"/>, or null.</summary>
    public ModelCard? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The models that can do <paramref name="capability"/>, by id.</summary>
    public IEnumerable<ModelCard> For(string capability) => _byCapability[capability];

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
            var file = JsonSerializer.Deserialize<CatalogueFile>(json, Strict) ?? throw new InvalidCatalogueError("The catalogue is empty.");
            return new Catalogue(file.Models);
        }
        catch (JsonException wrong)
        {
            throw new InvalidCatalogueError($"The catalogue cannot be read at {wrong.Path}: {wrong.Message}", new { path = wrong.Path });
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
            { Price: { } price } when IsNegative(price) => "a price is negative",
            { Price: { } price } when price.PerResolutionMicros.Keys.Any(name => !IsResolution(name)) => "a resolution is not written as 720p",
            _ when card.Requires.Any(kind => !card.Inputs.Contains(kind)) => "it requires an input that it does not take",
            _ => null,
        };
        if (wrong is not null) throw new InvalidCatalogueError($"Model '{card.Id}': {wrong}.", new { model = card.Id });
    }

    private static bool IsNegative(ModelPrice price) =>
        price.PerRequestMicros < 0 || price.PerSecondMicros < 0 || price.PerMillionInputTokensMicros < 0
        || price.PerMillionOutputTokensMicros < 0 || price.PerResolutionMicros.Values.Any(micros => micros < 0);

    private static bool IsResolution(string name) =>
        name.Length is > 1 and < 7 && name[^1] == 'p' && name.AsSpan(0, name.Length - 1).IndexOfAnyExceptInRange('0', '9') < 0;

    private sealed record CatalogueFile(IReadOnlyList<ModelCard> Models, DateOnly? Dated = null, string? Note = null);
}
