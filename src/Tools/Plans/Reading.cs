using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pipeline.Tools.Plans;

/// <summary>One JSON object of a plan being read: takes fields one by one, notes what is wrong and what is left over.</summary>
internal sealed partial class Reading
{
    private readonly Dictionary<string, JsonElement> _left = new(StringComparer.Ordinal);
    private readonly List<PlanProblem> _problems;
    private readonly string _path;

    public Reading(JsonElement element, string path, List<PlanProblem> problems)
    {
        (_problems, _path) = (problems, path);
        IsObject = element.ValueKind == JsonValueKind.Object;
        if (!IsObject)
        {
            Wrong("wrong_type", $"An object is needed here, not {Kind(element)}.", "");
            return;
        }

        foreach (var field in element.EnumerateObject())
            if (!_left.TryAdd(field.Name, field.Value)) Wrong("duplicate_field", $"'{field.Name}' stands here twice.", field.Name);
    }

    public bool IsObject { get; }

    /// <summary>The step that problems are about, once its id is known.</summary>
    public string? Step { get; set; }

    /// <summary>Takes a field out; null counts as not there.</summary>
    public JsonElement? Take(string name) =>
        _left.Remove(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? Text(string name, bool required = false, int longest = 200)
    {
        if (Take(name) is not { } value)
        {
            if (required && IsObject) Wrong("missing_field", $"'{name}' is missing.", name);
            return null;
        }

        if (value.ValueKind != JsonValueKind.String) return Wrong<string>($"'{name}' is a text, not {Kind(value)}.", name);
        var text = value.GetString()!;
        if (text.Length > longest) Wrong("out_of_range", $"'{name}' has at most {longest} characters, not {text.Length}.", name);
        return text.Length > longest ? null : text;
    }

    public double? Number(string name, double least, double most, bool whole = false)
    {
        if (Take(name) is not { } value) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number)) return Refuse($"'{name}' is a number, not {Kind(value)}.", name, "wrong_type");
        if (!(number >= least && number <= most)) return Refuse(FormattableString.Invariant($"'{name}' is between {least} and {most}, not {number}."), name, "out_of_range");
        return whole && number != Math.Floor(number) ? Refuse(FormattableString.Invariant($"'{name}' is a whole number, not {number}."), name, "wrong_type") : number;
    }

    public IReadOnlyList<string> Texts(string name, int most)
    {
        if (Take(name) is not { } value) return [];
        if (value.ValueKind != JsonValueKind.Array)
        {
            Wrong("wrong_type", $"'{name}' is a list of texts, not {Kind(value)}.", name);
            return [];
        }

        var texts = new List<string>();
        foreach (var element in value.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.String) texts.Add(element.GetString()!);
            else Wrong("wrong_type", $"'{name}' holds texts, not {Kind(element)}.", $"{name}[{texts.Count}]");
        }

        if (texts.Count > most) Wrong("out_of_range", $"'{name}' has at most {most} entries, not {texts.Count}.", name);
        return texts;
    }

    /// <summary>Names every field that nobody took.</summary>
    public void End(string known)
    {
        foreach (var name in _left.Keys) Wrong("unknown_field", $"There is no field '{name}' here; there are {known}.", name);
    }

    public void Wrong(string code, string message, string field) => _problems.Add(new PlanProblem(Step, code, message, Below(field)));

    public string Below(string field) => field.Length == 0 ? _path : _path.Length == 0 ? field : $"{_path}.{field}";

    public static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    [GeneratedRegex("^[a-z][a-z0-9_-]{0,63}$", RegexOptions.CultureInvariant)]
    public static partial Regex StepId();

    private T? Wrong<T>(string message, string field)
        where T : class
    {
        Wrong("wrong_type", message, field);
        return null;
    }

    private double? Refuse(string message, string field, string code)
    {
        Wrong(code, message, field);
        return null;
    }
}
