using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Faults.Vendors;

/// <summary>Where requests for work arrive: refuses, accepts and bills, answers or loses the answer, whatever was drawn.</summary>
internal sealed class VendorDesk(VendorSettings settings, VendorBill bill, HookSender hooks, CancellationToken end)
{
    private const int Troubles = 3;

    /// <summary>Whether the caller proved itself; else it has been told.</summary>
    public async Task<bool> IsKnownAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.ToString().EndsWith(" " + settings.Key, StringComparison.Ordinal))
        {
            return true;
        }

        // As some do, it repeats what it was given.
        await WriteAsync(context, 401, Error(context, "invalid_api_key", $"Incorrect API key provided: {context.Request.Headers.Authorization}"));
        return false;
    }

    /// <summary>Takes a request for work.</summary>
    /// <returns>What was accepted; null when that was answered already.</returns>
    public async Task<VendorJob?> TakeAsync(HttpContext context, string door, string model, string intent, string kind, string? hookUrl)
    {
        if (!await IsKnownAsync(context))
        {
            return null;
        }

        var key = context.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } given ? given : null;
        var fault = settings.Choose();
        if (door == "openai" && kind != "video" && fault >= VendorFault.FailsBilled)
        {
            fault = VendorFault.None; // where the answer is the result, nothing comes after it that could go wrong
        }

        bill.Requests.Enqueue((intent, key, fault));
        switch (fault)
        {
            case VendorFault.RateLimited:
                context.Response.Headers.RetryAfter = "1";
                await WriteAsync(context, 429, Error(context, "rate_limit_exceeded", "Too many requests."));
                return null;
            case VendorFault.RateLimitedSilently:
                await WriteAsync(context, 429, Error(context, "rate_limit_exceeded", "Too many requests."));
                return null;
            case VendorFault.Quota:
                var (status, code, text) = door switch { "fal" => (403, "locked", "User is locked. Reason: Exhausted balance."), "openai" => (429, "insufficient_quota", "You exceeded your current quota."), _ => (402, "insufficient_credit", "Insufficient credit.") };
                await WriteAsync(context, status, Error(context, code, text));
                return null;
            case VendorFault.Unauthorized:
                await WriteAsync(context, 401, Error(context, "invalid_api_key", $"Incorrect API key provided: {settings.Key}."));
                return null;
            case VendorFault.Refused:
                await WriteAsync(context, door == "fal" ? 422 : 400, Error(context, "content_policy_violation", "It will not make that."));
                return null;
            case VendorFault.ErrorBefore:
                await WriteAsync(context, 500, Error(context, "server_error", "Something broke."));
                return null;
            case VendorFault.Overloaded:
                await WriteAsync(context, 503, Error(context, "overloaded_not_processed", "The request was not processed."));
                return null;
            case VendorFault.DropBefore:
                context.Abort();
                return null;
            default:
                var job = bill.Accept(settings, door, model, intent, key, fault, kind, hookUrl);
                hooks.Plan(job);
                return job;
        }
    }

    /// <summary>Lets the time pass that a model takes whose answer is the result.</summary>
    public Task MakeAsync(VendorJob job) => settings.Offer is null ? Task.CompletedTask : Task.Delay(job.Takes, end);

    /// <summary>Answers a request that was accepted, or loses the answer.</summary>
    public Task AnswerAsync(HttpContext context, VendorJob job, JsonObject answer) => AnswerAsync(context, job, Encoding.UTF8.GetBytes(answer.ToJsonString()), "application/json");

    /// <summary>The same with bytes of any kind.</summary>
    public async Task AnswerAsync(HttpContext context, VendorJob job, byte[] answer, string type)
    {
        context.Response.Headers["x-cost-micros"] = job.BilledMicros.ToString(System.Globalization.CultureInfo.InvariantCulture);
        switch (job.Fault)
        {
            case VendorFault.ErrorAfter:
                await WriteAsync(context, 500, Error(context, "server_error", "Something broke."));
                break;
            case VendorFault.TimeoutAfter:
                using (var gone = CancellationTokenSource.CreateLinkedTokenSource(end, context.RequestAborted))
                {
                    await Task.Delay(Timeout.Infinite, gone.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
                }

                context.Abort();
                break;
            case VendorFault.DropAfter:
                context.Abort();
                break;
            case VendorFault.Garbled:
                await WriteAsync(context, 200, type == "application/json" ? answer[..(answer.Length / 2)] : [], type);
                break;
            case VendorFault.Truncated:
                await CutAsync(context, answer, type);
                break;
            case VendorFault.Slow:
                await Task.Delay(settings.SlowTime, end);
                await WriteAsync(context, 200, answer, type);
                break;
            default:
                await WriteAsync(context, 200, answer, type);
                break;
        }
    }

    /// <summary>Whether a question about a job went wrong, as drawn; it has been answered then.</summary>
    public static async Task<bool> IsTroubledAsync(HttpContext context, VendorJob job)
    {
        var poll = job.NextPoll();
        if (job.Fault != VendorFault.TroubledPolls || poll > Troubles + 1)
        {
            return false;
        }

        switch (poll % 4)
        {
            case 0:
                context.Abort();
                break;
            case 1:
                await WriteAsync(context, 500, Error(context, "server_error", "Something broke."));
                break;
            case 2:
                context.Response.Headers.RetryAfter = "1";
                await WriteAsync(context, 429, Error(context, "rate_limit_exceeded", "Too many requests."));
                break;
            default:
                await WriteAsync(context, 200, "{\"status\": \"COMP"u8.ToArray(), "application/json");
                break;
        }

        return true;
    }

    public static Task WriteAsync(HttpContext context, int status, JsonNode body) => WriteAsync(context, status, Encoding.UTF8.GetBytes(body.ToJsonString()), "application/json");

    /// <summary>An error as the dialect of the address writes it.</summary>
    public static JsonObject Error(HttpContext context, string code, string text) => context.Request.Path.Value!.Split('/')[1] switch
    {
        "fal" when code == "content_policy_violation" => new() { ["detail"] = new JsonArray(new JsonObject { ["type"] = code, ["msg"] = text, ["loc"] = new JsonArray("body", "prompt") }) },
        "fal" => new() { ["detail"] = text },
        "replicate" => new() { ["title"] = code, ["detail"] = text },
        _ => new() { ["error"] = new JsonObject { ["code"] = code, ["message"] = text, ["type"] = code } },
    };

    public static async Task WriteAsync(HttpContext context, int status, byte[] body, string type)
    {
        (context.Response.StatusCode, context.Response.ContentType, context.Response.ContentLength) = (status, type, body.Length);
        await context.Response.Body.WriteAsync(body);
    }

    public static async Task CutAsync(HttpContext context, byte[] body, string type)
    {
        (context.Response.ContentType, context.Response.ContentLength) = (type, body.Length);
        await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2));
        await context.Response.Body.FlushAsync();
        await Task.Delay(30);
        context.Abort();
    }
}
