using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Pipeline.Faults.Vendors;

/// <summary>Results by address, in ranges, and as badly as drawn.</summary>
internal sealed class ResultFiles(VendorBill bill)
{
    private const int Errors = 2;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/files/{id}/{name}", async context =>
        {
            if (bill.Find((string)context.GetRouteValue("id")!) is { } job)
            {
                await SendAsync(context, job);
            }
            else
            {
                context.Response.StatusCode = 404;
            }
        });
        routes.MapGet("/elsewhere", static context =>
        {
            context.Response.Redirect(context.Request.Query["to"].ToString());
            return Task.CompletedTask;
        });
    }

    public static async Task SendAsync(HttpContext context, VendorJob job)
    {
        var (bytes, type, download) = (await MadeMedia.OfAsync(job.Kind), MadeMedia.TypeOf(job.Kind), job.NextDownload());
        switch (job.Fault)
        {
            case VendorFault.ResultGone:
                await VendorDesk.WriteAsync(context, 404, "gone"u8.ToArray(), "text/plain");
                return;
            case VendorFault.ResultErrors when download <= Errors:
                await VendorDesk.WriteAsync(context, 500, "broken"u8.ToArray(), "text/plain");
                return;
            case VendorFault.ResultIsPage when download == 1:
                await VendorDesk.WriteAsync(context, 200, "<!doctype html><html>One moment</html>"u8.ToArray(), "text/html");
                return;
            case VendorFault.ResultTruncated when download == 1:
                context.Response.Headers.ETag = "\"one\"";
                await VendorDesk.CutAsync(context, bytes, type);
                return;
            default:
                context.Response.Headers["x-served"] = "whole";
                job.WholeDownloads++;
                await Results.File(bytes, type, entityTag: new EntityTagHeaderValue("\"one\""), enableRangeProcessing: true).ExecuteAsync(context);
                return;
        }
    }
}
