using System.Text.Json.Nodes;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Generation.Providers;

/// <summary>One call of a model, with everything that it needs.</summary>
/// <param name="JobId">Ours.</param>
/// <param name="IdempotencyKey">Names the intent; the same on every attempt.</param>
/// <param name="Model">The card as it stands now.</param>
/// <param name="Capability">What of its capabilities is asked for, as <c>generate_video</c>.</param>
/// <param name="Prompt">What to make.</param>
/// <param name="Parameters">duration_seconds, width, height, resolution, aspect, seed, voice, ...: checked against the card's limits.</param>
/// <param name="References">Pinned versions to keep to, in order.</param>
/// <param name="Folder">The job's own folder, for its files only; gone when the job is done.</param>
/// <param name="HookUrl">Where the vendor may tell how the job went; null when this server cannot be reached from outside.</param>
public sealed record ProviderCall(
    string JobId, string IdempotencyKey, ModelCard Model, string Capability, string Prompt, JsonObject Parameters, IReadOnlyList<ReferenceFile> References, string Folder, Uri? HookUrl);

/// <summary>A reference handed to a model: a local file with the bytes of one pinned version.</summary>
public sealed record ReferenceFile(string Asset, string MediaType, string File);

/// <summary>An accepted job, as it was stored.</summary>
/// <param name="JobId">Ours.</param>
/// <param name="Model">The card it was made with.</param>
/// <param name="VendorJobId">The vendor's.</param>
/// <param name="Handles">Whatever the vendor said to ask by, such as status_url and cancel_url: taken from its answer, never built.</param>
/// <param name="Folder">The job's own folder.</param>
public sealed record ProviderJob(string JobId, ModelCard Model, string VendorJobId, JsonObject Handles, string Folder);

/// <summary>One result of a finished job: a file already in the job's folder, or an address to fetch it from.</summary>
public sealed record ProviderResult(string? File, string? Url, string? MediaType);
