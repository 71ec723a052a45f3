using System.Text.Json.Nodes;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>
/// Asks for the work, once, and says what became of it: not sent only when not a byte of the request was written, rejected only when the vendor clearly
/// said no, ambiguous in every other case without a readable yes.
/// </summary>
internal sealed class VendorSubmission(Dialect dialect, ProviderEntry entry, VendorSecrets secrets, VendorRequests requests, Reports reports, Refusals refusals, SoleExchange exchange)
{
    private const int MaxAnswerBytes = 128 << 20;
    private const int MaxIdCharacters = 200;
    private const int MaxHandleCharacters = 2048;

    public async Task<Submission> SendAsync(ProviderCall call, CancellationToken cancellation)
    {
        if (secrets.Missing is { Count: > 0 } missing)
        {
            return Rejected("unauthorized", $"The server's environment has no {string.Join(", ", missing)}.");
        }

        var (request, problem) = await requests.SubmitAsync(call, cancellation).ConfigureAwait(false);
        if (request is null)
        {
            return Rejected("bad_request", $"Nothing was sent: {problem}.");
        }

        using (request)
        {
            var timeout = TimeSpan.FromSeconds(entry.TimeoutSeconds ?? dialect.Submit.TimeoutSeconds);
            var took = await exchange.SendAsync(request, (response, token) => TakeAsync(response, call, token), timeout, cancellation).ConfigureAwait(false);
            return took.Failure is { } failure ? Failed(took, failure)
                : took.Status is >= 200 and < 300 ? await AcceptedAsync(took, call, cancellation).ConfigureAwait(false)
                : Refused(took);
        }
    }

    private static Submission Failed(Exchanged<Taken> took, string failure) => !took.MayHaveLeft
        ? new(SubmissionClass.NotSent) { Code = failure, Message = "No connection to the vendor came about; nothing was sent.", Retryable = true }
        : new(SubmissionClass.Ambiguous)
        {
            Code = failure == "timeout" ? "timeout" : "vendor_error",
            Message = $"The request was sent and {(took.Status is { } status ? $"its answer ({status}) broke off" : failure == "timeout" ? "no answer came in time" : "the connection broke before an answer came")}; the vendor may have done and billed it.",
        };

    private Submission Refused(Exchanged<Taken> took)
    {
        var refusal = refusals.Read(took.Status!.Value, took.Headers, took.Answer!.Body);
        return new(refusal.Class)
        {
            Code = refusal.Code,
            Message = refusal.Message,
            Retryable = refusal.Class == SubmissionClass.Rejected && refusal.Retryable,
            RetryAfterSeconds = refusal.RetryAfterSeconds,
        };
    }

    private async Task<Submission> AcceptedAsync(Exchanged<Taken> took, ProviderCall call, CancellationToken cancellation)
    {
        var (rule, taken) = (dialect.Submit, took.Answer!);
        if (taken.File is { } file)
        {
            return new(SubmissionClass.Done) { Results = [new(file, null, taken.MediaType)], CostMicros = Reports.CostMicros(rule.Cost, null, took.Headers, call.Model) };
        }

        if (taken.Body is not { } body)
        {
            return Unreadable("is empty, too large or no JSON document");
        }

        if (rule.Answer == AnswerKind.Results)
        {
            var results = await ResultsAsync(rule, body, call, cancellation).ConfigureAwait(false);
            return results.Count == 0 ? Unreadable("holds no result")
                : new(SubmissionClass.Done) { Results = results, CostMicros = Reports.CostMicros(rule.Cost, body, took.Headers, call.Model) };
        }

        if (Pointers.Text(body, rule.JobId) is not { Length: <= MaxIdCharacters } id || id.Any(char.IsControl))
        {
            return Unreadable("names no job");
        }

        var handles = new JsonObject();
        foreach (var (name, pointer) in rule.Handles)
        {
            if (Pointers.Text(body, pointer) is { Length: <= MaxHandleCharacters } handle && !secrets.StandsIn(handle))
            {
                handles[name] = handle;
            }
        }

        return new(SubmissionClass.Accepted) { VendorJobId = id, Handles = handles };
    }

    private async Task<IReadOnlyList<ProviderResult>> ResultsAsync(SubmitRule rule, JsonNode body, ProviderCall call, CancellationToken cancellation)
    {
        var results = new List<ProviderResult>();
        foreach (var text in rule.Base64.SelectMany(pointer => Pointers.All(body, pointer)).Select(Pointers.AsText).OfType<string>())
        {
            var bytes = new byte[(text.Length / 4 * 3) + 3];
            if (Convert.TryFromBase64String(text, bytes, out var written) && written > 0)
            {
                var file = Path.Combine(call.Folder, $"answer-{results.Count}");
                await File.WriteAllBytesAsync(file, bytes.AsMemory(0, written), cancellation).ConfigureAwait(false);
                results.Add(new(file, null, null));
            }
        }

        results.AddRange(reports.Urls(rule.Results, body));
        return results;
    }

    private async Task<Taken> TakeAsync(HttpResponseMessage response, ProviderCall call, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode && dialect.Submit.Answer == AnswerKind.Bytes)
        {
            var path = Path.Combine(call.Folder, "answer-0");
            var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                await response.Content.CopyToAsync(file, cancellation).ConfigureAwait(false);
                return file.Length == 0 ? new(null, null, null) : new(null, path, response.Content.Headers.ContentType?.MediaType);
            }
        }

        var bytes = await VendorDoor.BytesAsync(response, MaxAnswerBytes, cancellation).ConfigureAwait(false);
        return new(bytes is null ? null : VendorDoor.Parse(bytes), null, null);
    }

    private static Submission Rejected(string code, string message) => new(SubmissionClass.Rejected) { Code = code, Message = message };

    private static Submission Unreadable(string what) =>
        new(SubmissionClass.Ambiguous) { Code = "vendor_error", Message = $"The vendor said yes, and its answer {what}: it may have done and billed the work." };

    private sealed record Taken(JsonNode? Body, string? File, string? MediaType);
}
