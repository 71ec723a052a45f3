using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>Reads how a job fares out of a vendor's document.</summary>
internal sealed class Reports(VendorAddresses addresses, VendorSecrets secrets)
{
    private const int MaxResults = 32;

    public JobReport Read(ReportRule rule, JsonNode body, HttpResponseHeaders? headers, string vendorJobId, ModelCard? model)
    {
        var word = rule.State is { } pointer ? Pointers.Text(body, pointer) : null;
        var standing = word is not null && rule.States.TryGetValue(word, out var known) ? known : JobStanding.Running;
        if (standing == JobStanding.Succeeded)
        {
            standing = rule.FailedIf.SelectMany(pointer => Pointers.All(body, pointer)).Any(IsSomething) ? JobStanding.Failed
                : rule.ExpiredIf.SelectMany(pointer => Pointers.All(body, pointer)).Any(IsSomething) ? JobStanding.Expired
                : standing;
        }

        var hasEnded = standing is JobStanding.Succeeded or JobStanding.Failed or JobStanding.Cancelled or JobStanding.Expired;
        var costMicros = hasEnded ? CostMicros(rule.Cost, body, headers, model) : null;
        return new(standing)
        {
            Results = standing == JobStanding.Succeeded ? Results(rule, body, vendorJobId) : [],
            CostMicros = costMicros ?? (rule.FailedIsFree && standing is JobStanding.Failed or JobStanding.Cancelled && rule.FailedIsFree ? 0 : null),
            Code = standing is JobStanding.Failed or JobStanding.Cancelled ? secrets.Clean(Pointers.Text(body, rule.Code)) ?? "vendor_error" : null,
            Message = standing is JobStanding.Failed or JobStanding.Cancelled ? secrets.Clean(Pointers.Text(body, rule.Message)) : null,
            Progress = rule.Progress is { } at && Pointers.Number(body, at) is { } done ? Math.Clamp((double)done / rule.ProgressOf, 0, 1) : null,
            QueuePosition = rule.QueuePosition is { } queue && Pointers.Number(body, queue) is { } place and >= 0 and < int.MaxValue ? (int)place : null,
        };
    }

    /// <summary>Addresses that stand in a document. Where they lead is looked at when they are fetched.</summary>
    public IReadOnlyList<ProviderResult> Results(ReportRule rule, JsonNode body, string vendorJobId) => rule.ResultPath is { } path
        ? [new(null, addresses.At(VendorRequests.Path(path, vendorJobId)).AbsoluteUri, null)]
        : Urls(rule.Results, body);

    /// <summary>The web addresses that pointers lead to, each once.</summary>
    public IReadOnlyList<ProviderResult> Urls(IEnumerable<string> pointers, JsonNode body) =>
        [.. pointers.SelectMany(pointer => Pointers.All(body, pointer)).Select(Pointers.AsText).OfType<string>()
            .Where(text => text.Length <= 8192 && Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && !secrets.StandsIn(text))
            .Distinct().Take(MaxResults).Select(static url => new ProviderResult(null, url, null))];

    /// <summary>What the vendor says it billed; null when it does not say.</summary>
    public static long? CostMicros(CostRule? rule, JsonNode? body, HttpResponseHeaders? headers, ModelCard? model)
    {
        if (rule is null)
        {
            return null;
        }

        var units = Pointers.Number(body, rule.Pointers)
            ?? (rule.Header is { } header && headers?.TryGetValues(header, out var values) == true ? Pointers.Number(JsonValue.Create(values.First()), "") : null);
        if (units is >= 0 and < 1_000_000_000_000m)
        {
            return (long)Math.Ceiling(units.Value * rule.UnitMicros);
        }

        return rule.InputTokens is { } input && rule.OutputTokens is { } output && model?.Price is { } price && Pointers.Number(body, input) is { } read and >= 0 and < 1_000_000_000_000m && Pointers.Number(body, output) is { } written and >= 0 and < 1_000_000_000_000m
            && price.PerMillionInputTokensMicros + price.PerMillionOutputTokensMicros > 0
            ? price.PerRequestMicros + (long)Math.Ceiling(((read * price.PerMillionInputTokensMicros) + (written * price.PerMillionOutputTokensMicros)) / 1_000_000m)
            : null;
    }

    private static bool IsSomething(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.False => false,
        JsonValueKind.String => node.GetValue<string>().Length > 0,
        JsonValueKind.Array => node.AsArray().Count > 0,
        _ => true,
    };
}
