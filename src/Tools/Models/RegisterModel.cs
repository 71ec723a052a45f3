using System.Text.Json;
using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Models;

[Tool(Toolset.Admin, Changes = true, Admin = true)]
internal sealed partial class RegisterModel(Call call, CatalogueBook book, IEnumerable<IProviderRoll> rolls)
{
    private const int LongestCard = 16_384;
    private const int LongestId = 128;

    /// <summary>What only the operator's file may say, in whatever spelling.</summary>
    private static readonly string[] Forbidden = ["command", "endpoint", "url", "uri", "header", "template", "key", "token", "secret", "auth", "arguments", "executable", "env"];

    /// <summary>Adds a model card, or replaces one; with retires_on it ends. Whole cards only.</summary>
    /// <param name="card">{id, version, provider, kind, capabilities[], inputs[], requires?, outputs[], limits?, price?, tier, rate?, latency, quality, retires_on?, note?}; as list_models shows them.</param>
    /// <param name="if_version">Only if this many registrations of the id stand; 0 for none yet.</param>
    [McpServerTool(Name = "register_model", Title = "Register model", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<ModelRegistered> RunAsync(IReadOnlyDictionary<string, JsonElement> card, long? if_version = null, CancellationToken cancellation = default)
    {
        if (call.Caller.Workspaces is not null)
        {
            throw new ForbiddenError("access to all workspaces", "some"); // a price counts in all of them
        }

        var json = JsonSerializer.SerializeToElement(card);
        if (json.GetRawText().Length > LongestCard)
        {
            throw new InvalidArgumentError("card", $"A card is at most {LongestCard} characters of JSON.");
        }

        RefuseOperators(json, "card");
        var read = Catalogue.ReadCard(json);
        if (read.Id.Length > LongestId || read.Id.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter)))
        {
            throw new InvalidArgumentError("card", $"An id has at most {LongestId} characters and no blanks.");
        }

        return await call.CommitAsync("", null, async tx =>
        {
            var before = await ModelCardsTable.FindAsync(tx, read.Id).ConfigureAwait(false);
            if (if_version is { } expected && expected != (before?.Version ?? 0))
            {
                throw new VersionConflictError(read.Id, expected, before?.Version ?? 0);
            }

            var catalogue = await book.CurrentAsync(tx).ConfigureAwait(false);
            RequireProvider(read, catalogue);
            var row = new ModelCardRow
            {
                Model = read.Id,
                Version = (before?.Version ?? 0) + 1,
                Card = Wire.Write(read),
                Principal = call.Caller.Principal,
                Agent = call.Agent,
                AtMs = tx.NowMs,
            };
            var revision = await ModelCardsTable.AddAsync(tx, row).ConfigureAwait(false);
            return new ModelRegistered(read.Id, row.Version, revision, catalogue.Find(read.Id) is not null, read);
        }, cancellation, result => new { result.Model, result.Version, result.Revision, result.Card }, scope: Scopes.Models).ConfigureAwait(false);
    }

    // Who is called, and how, is the operator's to say: a card that could would turn an administrator of models into one of the machine.
    private static void RefuseOperators(JsonElement element, string path)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in element.EnumerateArray()) RefuseOperators(part, path);
        }

        if (element.ValueKind != JsonValueKind.Object) return;
        foreach (var member in element.EnumerateObject())
        {
            var words = member.Name.Split('_', '-', '.');
            // Prices are per million tokens, or by parameters that a provider names; they hold numbers only.
            if (!path.StartsWith("card.price", StringComparison.Ordinal) && words.Any(word => Forbidden.Any(name => word.Equals(name, StringComparison.OrdinalIgnoreCase) || word.Equals(name + "s", StringComparison.OrdinalIgnoreCase))))
            {
                throw new InvalidArgumentError($"{path}.{member.Name}", $"'{member.Name}' has no place in a card: commands, endpoints, header templates and key names come only from the operator's file.");
            }

            RefuseOperators(member.Value, $"{path}.{member.Name}");
        }
    }

    private void RequireProvider(ModelCard card, Catalogue catalogue)
    {
        // What runs on this machine is known by its id; a card of another id would name a recipe that is not there.
        if (card.Kind == ModelKind.Local && catalogue.Find(card.Id) is not { Kind: ModelKind.Local })
        {
            throw new InvalidArgumentError("card.kind", $"'{card.Id}' is no model of this machine; local ones come with the product or from the operator's file, and are only replaced or retired here.");
        }

        var known = catalogue.Models.Select(model => model.Provider).Concat(rolls.SelectMany(roll => roll.Providers)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (!known.Contains(card.Provider)) throw new UnknownProviderError(card.Provider, known);
        if (card.Kind == ModelKind.Http && catalogue.Models.Any(model => model.Provider == card.Provider && model.Kind == ModelKind.Local))
        {
            throw new InvalidArgumentError("card.provider", $"'{card.Provider}' runs on this machine; its models are the operator's to add.");
        }
    }
}

/// <summary>A card that counts from now on.</summary>
/// <param name="Version">How often this model was registered.</param>
/// <param name="Revision">Of the catalogue.</param>
/// <param name="Replaced">Whether a card of that id, registered or from a file, stood before.</param>
public sealed record ModelRegistered(string Model, long Version, long Revision, bool Replaced, ModelCard Card);
