using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tools.Plans;

namespace Pipeline.Tools.Generation;

/// <summary>
/// What one wish to buy is known by, whoever repeats it: a step of a run with its key or its output, while its attempts only get lost; else a principal's key;
/// else the call itself. Derived here, so that no client can get it wrong.
/// </summary>
/// <param name="Name">Hash of what names it.</param>
/// <param name="BodyHash">Hash of what is asked for.</param>
/// <param name="IsNamed">Whether the caller named it; a call that nobody named may be made again once the one before has ended without a result.</param>
/// <param name="Told">How to call it in an error.</param>
public sealed record Intent(string Name, string BodyHash, bool IsNamed, string Told)
{
    /// <param name="principal">Who is accountable.</param>
    /// <param name="key">The caller's key; null when it gave none.</param>
    /// <param name="runId">The run; null outside of one.</param>
    /// <param name="stepId">The step.</param>
    /// <param name="spentAttempts">How many attempts of the step ended with a result or a failure: one that was only lost is the same wish.</param>
    /// <param name="output">Where the result goes.</param>
    /// <param name="body">Everything else that is asked for.</param>
    public static Intent Of(string principal, string? key, string? runId, string? stepId, long spentAttempts, string output, JsonObject body)
    {
        var hash = Hash(new JsonObject { ["output"] = output, ["body"] = body.DeepClone() });
        return runId is not null
            ? new(Hash(new JsonObject { ["run"] = runId, ["step"] = stepId, ["attempt"] = spentAttempts, ["key"] = key, ["output"] = key is null ? output : null }), hash, true, key ?? $"{runId}/{stepId}")
            : key is not null ? new(Hash(new JsonObject { ["principal"] = principal, ["key"] = key }), hash, true, key)
            : new(Hash(new JsonObject { ["principal"] = principal, ["call"] = hash }), hash, false, output);
    }

    /// <summary>The idempotency key that goes to the vendor with every attempt of the intent's <paramref name="take"/>th job.</summary>
    public string SendKey(long take) => take == 0 ? $"pl-{Name[..40]}" : $"pl-{Name[..40]}-{take}";

    private static string Hash(JsonObject value) => CanonicalJson.Sha256(CanonicalJson.Of(JsonSerializer.SerializeToElement(value)));
}
