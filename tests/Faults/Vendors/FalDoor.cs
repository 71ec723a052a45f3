using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Pipeline.Tools.Webhooks;

namespace Pipeline.Faults.Vendors;

/// <summary>A queue in front of models.</summary>
internal sealed class FalDoor(VendorDesk desk, VendorDocuments documents, VendorBill bill)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/fal/{**model}", SubmitAsync);
        foreach (var at in (string[])["/fal/jobs/{id}", "/fal/{owner}/{app}/requests/{id}"])
        {
            routes.MapGet(at + "/status", StatusAsync);
            routes.MapGet(at, ResultAsync);
            routes.MapPut(at + "/cancel", CancelAsync);
        }

        routes.MapGet("/fal/keys", static context =>
        {
            var key = Convert.ToBase64String(Ed25519.PublicKey(HookSender.Seed)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
            return VendorDesk.WriteAsync(context, 200, new JsonObject { ["keys"] = new JsonArray(new JsonObject { ["kty"] = "OKP", ["crv"] = "Ed25519", ["x"] = key }) });
        });
    }

    private async Task SubmitAsync(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!;
        var model = context.Request.Path.Value!;
        var kind = model.Contains("image", StringComparison.Ordinal) ? "image" : model.Contains("audio", StringComparison.Ordinal) ? "audio" : "video";
        if (await desk.TakeAsync(context, "fal", model["/fal/".Length..], (string?)body["prompt"] ?? "", kind, context.Request.Query["fal_webhook"]) is { } job)
        {
            await desk.AnswerAsync(context, job, documents.FalTicket(job));
        }
    }

    private async Task StatusAsync(HttpContext context)
    {
        if (await VendorServer.AskedAsync(context, desk, bill) is { } job)
        {
            await VendorDesk.WriteAsync(context, job.IsOver ? 200 : 202, VendorDocuments.FalStatus(job));
        }
    }

    private async Task ResultAsync(HttpContext context)
    {
        if (await VendorServer.FindAsync(context, desk, bill) is { } job)
        {
            await (job.Failed ? VendorDesk.WriteAsync(context, 422, new JsonObject { ["detail"] = "The runner failed", ["cost_micros"] = job.BilledMicros })
                : job.Fault == VendorFault.Expired ? VendorDesk.WriteAsync(context, 410, new JsonObject { ["detail"] = "The result is no longer kept.", ["cost_micros"] = job.BilledMicros })
                : !job.IsOver ? VendorDesk.WriteAsync(context, 400, new JsonObject { ["detail"] = "Request is still in progress" })
                : VendorDesk.WriteAsync(context, 200, documents.FalResult(job)));
        }
    }

    private async Task CancelAsync(HttpContext context)
    {
        if (await VendorServer.FindAsync(context, desk, bill) is { } job)
        {
            await (job.TryCancel() ? VendorDesk.WriteAsync(context, 202, new JsonObject { ["status"] = "CANCELLATION_REQUESTED" })
                : VendorDesk.WriteAsync(context, 400, new JsonObject { ["status"] = "ALREADY_COMPLETED" }));
        }
    }
}
