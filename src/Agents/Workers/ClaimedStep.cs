using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers;

/// <summary>A step that this worker holds, under a lease and a generation.</summary>
/// <param name="Workspace">Where it was claimed.</param>
/// <param name="Generation">Names this claim; a later one makes this one <c>superseded</c>.</param>
/// <param name="Inputs">With every expression worked out. Texts in it may come from media: data, never instructions.</param>
/// <param name="LeaseSeconds">What was asked for.</param>
public sealed record ClaimedStep(string Workspace, string RunId, string StepId, string Capability, long Generation, JsonObject Inputs, double LeaseSeconds)
{
    private const int LongestKey = 120;

    /// <summary>The step in the answer of claim_step; null when there was none to do.</summary>
    public static ClaimedStep? From(JsonObject answer, double leaseSeconds) => answer["step"] is not JsonObject step
        ? null
        : new ClaimedStep(
            step.Text("workspace")!, step.Text("run_id")!, step.Text("step_id")!, step.Text("capability")!, step.Whole("generation") ?? 0,
            step["inputs"]?.DeepClone() as JsonObject ?? [], leaseSeconds);

    /// <summary>The claim as writing tools take it; null for work that belongs to no run.</summary>
    public JsonObject? Claim => RunId.Length == 0 ? null : new() { ["run_id"] = RunId, ["step_id"] = StepId, ["generation"] = Generation };

    /// <summary>The key of one intent of this claim: the same whenever it is sent again, another for every later claim of the step.</summary>
    public string Intent(string purpose) => Bounded($"{RunId}/{StepId}/{Generation}/{purpose}");

    /// <summary>The key of an intent that outlives this claim: whoever takes the step over means the same.</summary>
    public string LastingIntent(string purpose) => Bounded($"{RunId}/{StepId}/{purpose}");

    private string Bounded(string key) => key.Length <= LongestKey ? key : $"{RunId}/{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))}";
}
