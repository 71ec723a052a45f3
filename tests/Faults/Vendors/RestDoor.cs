using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Pipeline.Faults.Vendors;

/// <summary>A plain job interface.</summary>
internal sealed class RestDoor(VendorDesk desk, VendorDocuments documents, VendorBill bill)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/rest/jobs", SubmitAsync);
        routes.MapGet("/rest/jobs/{id}", async context =>
        {
            if (await VendorServer.AskedAsync(context, desk, bill) is { } job)
            {
                await VendorDesk.WriteAsync(context, 200, documents.Rest(job));
            }
        });
        routes.MapDelete("/rest/jobs/{id}", async context =>
        {
            if (await VendorServer.FindAsync(context, desk, bill) is { } job)
            {
                await VendorDesk.WriteAsync(context, job.TryCancel() ? 202 : 409, documents.Rest(job));
            }
        });
    }

    private async Task SubmitAsync(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!;
        var capability = (string?)body["capability"] ?? "";
        var kind = capability.Contains("image", StringComparison.Ordinal) ? "image" : capability.Contains("speech", StringComparison.Ordinal) ? "audio" : "video";
        if (await desk.TakeAsync(context, "rest", (string?)body["model"] ?? "", (string?)body["prompt"] ?? "", kind, (string?)body["webhook_url"]) is { } job)
        {
            await desk.AnswerAsync(context, job, documents.Rest(job));
        }
    }
}
