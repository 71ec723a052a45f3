using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>What a call puts into a dialect's templates.</summary>
internal sealed partial class CallValues(ProviderCall call, string model, IReadOnlyList<InlineReference> references)
{
    /// <summary>What the vendor calls the model; null when its name cannot stand in an address.</summary>
    public static string? ModelName(ProviderEntry entry, string id) =>
        (entry.Models.TryGetValue(id, out var name) ? name : id) is var called && ModelForm().IsMatch(called) && !called.Split('/').Any(part => part is "" or "." or "..") ? called : null;

    public JsonNode? Of(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return (dot < 0 ? name : name[..dot], dot < 0 ? "" : name[(dot + 1)..]) switch
        {
            ("prompt", "") => call.Prompt.Length > 0 ? call.Prompt : null,
            ("model", "") => model,
            ("capability", "") => call.Capability,
            ("idempotency_key", "") => call.IdempotencyKey,
            ("our_job_id", "") => call.JobId,
            ("hook_url", "") => call.HookUrl?.AbsoluteUri,
            ("parameters", "") => call.Parameters,
            ("parameter", var parameter) => call.Parameters[parameter],
            ("references", "") => Many(""),
            ("images", "") => Many("image/"),
            ("reference", var at) => One("", at),
            (("image" or "video" or "audio") and var kind, var at) => One(kind + "/", at),
            _ => null,
        };
    }

    private JsonArray? Many(string kind) =>
        references.Where(reference => reference.MediaType.StartsWith(kind, StringComparison.Ordinal)).ToList() is { Count: > 0 } found ? [.. found.Select(reference => JsonValue.Create(reference.DataUri))] : null;

    private JsonNode? One(string kind, string at) =>
        int.TryParse(at, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var place)
            ? references.Where(reference => reference.MediaType.StartsWith(kind, StringComparison.Ordinal)).ElementAtOrDefault(place)?.DataUri : null;

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._:/@-]{0,199}$")]
    private static partial Regex ModelForm();
}

/// <summary>A reference as a text that stands in the request itself.</summary>
internal sealed record InlineReference(string MediaType, string DataUri);
