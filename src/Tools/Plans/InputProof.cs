using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tools.Plans.Expressions;

namespace Pipeline.Tools.Plans;

/// <summary>Holds a step's inputs against what its capability takes. Expressions are typed by <see cref="ReferenceProof"/>.</summary>
internal static class InputProof
{
    public static void Check(PlanStep step, Capability capability, string path, List<PlanProblem> problems)
    {
        if (capability.Missing(name => step.Inputs[name] is not null) is { } missing)
            problems.Add(new PlanProblem(step.Id, "missing_input", $"{capability.Name} needs {missing}.", path + ".inputs"));
        foreach (var (name, value) in step.Inputs)
        {
            if (capability.Input(name) is not { } field)
                problems.Add(new PlanProblem(step.Id, "unknown_input", $"{capability.Name} has no input '{name}'; it takes {string.Join(", ", capability.Inputs.Select(input => input.Name))}.", $"{path}.inputs.{name}"));
            else if (value is not null && !IsWhole(value) && !Fits(field.Type, value))
                problems.Add(new PlanProblem(step.Id, "input_type", $"'{name}' is {Say(field.Type)}, not {Values.Kind(value)}{Shown(value)}.", $"{path}.inputs.{name}"));
        }
    }

    /// <summary>How a type is named in messages and in the documentation.</summary>
    public static string Say(FieldType type) => type switch
    {
        FieldType.Any => "anything",
        FieldType.Text => "a text",
        FieldType.Number => "a number",
        FieldType.Integer => "a whole number",
        FieldType.Boolean => "true or false",
        FieldType.Asset => "an asset (workspace/path)",
        FieldType.List => "a list",
        FieldType.AssetList => "a list of assets",
        FieldType.NumberList => "a list of numbers",
        FieldType.TextList => "a list of texts",
        _ => "an object",
    };

    /// <summary>Whether a value of type <paramref name="found"/> can stand where <paramref name="wanted"/> is.</summary>
    public static bool Fits(FieldType wanted, FieldType found) => wanted == found || wanted == FieldType.Any || found == FieldType.Any || (wanted, found) switch
    {
        (FieldType.Text, FieldType.Asset) or (FieldType.Asset, FieldType.Text) => true,
        (FieldType.Number, FieldType.Integer) or (FieldType.Integer, FieldType.Number) => true,
        (FieldType.List, FieldType.AssetList or FieldType.NumberList or FieldType.TextList) => true,
        (FieldType.AssetList or FieldType.NumberList or FieldType.TextList, FieldType.List) => true,
        (FieldType.TextList, FieldType.AssetList) or (FieldType.AssetList, FieldType.TextList) => true,
        _ => false,
    };

    private static bool IsWhole(JsonNode value)
    {
        if (Values.Text(value) is not { } text || !Template.IsIn(text)) return false;
        try
        {
            return Template.Parse(text).Whole is not null;
        }
        catch (ExpressionError)
        {
            // The reference proof names it, with its position.
            return true;
        }
    }

    private static bool Fits(FieldType type, JsonNode value) => type switch
    {
        FieldType.Any => true,
        FieldType.Text => Values.Text(value) is not null,
        FieldType.Number => Values.Number(value) is not null,
        FieldType.Integer => Values.Number(value) is { } number && number == Math.Floor(number),
        FieldType.Boolean => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        FieldType.Asset => Values.Text(value) is { } text && (Template.IsIn(text) || IsAsset(text)),
        FieldType.Object => value is JsonObject,
        FieldType.List => value is JsonArray,
        _ => value is JsonArray list && list.All(element => element is not null && (IsWhole(element) || Fits(Element(type), element))),
    };

    private static FieldType Element(FieldType list) => list switch
    {
        FieldType.AssetList => FieldType.Asset,
        FieldType.NumberList => FieldType.Number,
        FieldType.TextList => FieldType.Text,
        _ => FieldType.Any,
    };

    private static bool IsAsset(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < text.Length - 1;
    }

    private static string Shown(JsonNode value) => Values.Text(value) is { Length: < 80 } text ? $" ('{text}')" : "";
}
