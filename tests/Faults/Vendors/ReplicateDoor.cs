using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pipeline.Faults.Vendors;

/// <summary>Predictions.</summary>
internal sealed class ReplicateDoor(VendorDesk desk, VendorDocuments documents, VendorBill bill)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/replicate/v1/predictions", SubmitAsync);
        routes.MapGet("/replicate/v1/predictions/{id}", async context =>
        {
            if (await VendorServer.AskedAsync(context, desk, bill) is { } job)
            {
                await VendorDesk.WriteAsync(context, 200, documents.Prediction(job));
            }
        });
        routes.MapPost("/replicate/v1/predictions/{id}/cancel", async context =>
        {
            if (await VendorServer.FindAsync(context, desk, bill) is { } job)
            {
                await VendorDesk.WriteAsync(context, job.TryCancel() ? 200 : 422, documents.Prediction(job));
            }
        });
    }

    private async Task SubmitAsync(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!;
        var version = (string?)body["version"] ?? "";
        var kind = version.Contains("image", StringComparison.Ordinal) ? "image" : version.Contains("audio", StringComparison.Ordinal) ? "audio" : "video";
        if (await desk.TakeAsync(context, "replicate", version, (string?)body["input"]?["prompt"] ?? "", kind, (string?)body["webhook"]) is { } job)
        {
            await desk.AnswerAsync(context, job, documents.Prediction(job));
        }
    }
}
