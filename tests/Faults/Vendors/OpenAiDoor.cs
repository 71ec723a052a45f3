using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Pipeline.Faults.Vendors;

/// <summary>Images and sound in the answer itself, video as jobs.</summary>
internal sealed class OpenAiDoor(VendorDesk desk, VendorBill bill)
{
    private const string Door = "openai";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/openai/v1/images/generations", async context =>
        {
            var body = (await JsonNode.ParseAsync(context.Request.Body))!;
            if (await desk.TakeAsync(context, Door, (string?)body["model"] ?? "", (string?)body["prompt"] ?? "", "image", null) is { } job)
            {
                await desk.MakeAsync(job);
                await desk.AnswerAsync(context, job, new JsonObject
                {
                    ["created"] = 1, ["data"] = new JsonArray(new JsonObject { ["b64_json"] = Convert.ToBase64String(await MadeMedia.OfAsync("image")) }),
                    ["usage"] = new JsonObject { ["input_tokens"] = 50, ["output_tokens"] = 1056, ["total_tokens"] = 1106 }, ["cost_micros"] = job.BilledMicros,
                });
            }
        });
        routes.MapPost("/openai/v1/audio/speech", async context =>
        {
            var body = (await JsonNode.ParseAsync(context.Request.Body))!;
            if (await desk.TakeAsync(context, Door, (string?)body["model"] ?? "", (string?)body["input"] ?? "", "audio", null) is { } job)
            {
                await desk.MakeAsync(job);
                await desk.AnswerAsync(context, job, await MadeMedia.OfAsync("audio"), "audio/mpeg");
            }
        });
        routes.MapPost("/openai/v1/audio/transcriptions", async context =>
        {
            var form = await context.Request.ReadFormAsync();
            if (form.Files["file"] is { Length: > 0 } && await desk.TakeAsync(context, Door, form["model"].ToString(), form["prompt"].ToString(), "text", null) is { } job)
            {
                await desk.MakeAsync(job);
                await desk.AnswerAsync(context, job, await MadeMedia.OfAsync("text"), "text/vtt");
            }
        });
        MapVideos(routes);
    }

    private void MapVideos(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/openai/v1/videos", async context =>
        {
            var form = await context.Request.ReadFormAsync();
            if (await desk.TakeAsync(context, Door, form["model"].ToString(), form["prompt"].ToString(), "video", null) is { } job)
            {
                await desk.AnswerAsync(context, job, VendorDocuments.Video(job));
            }
        });
        routes.MapGet("/openai/v1/videos/{id}", async context =>
        {
            if (await VendorServer.AskedAsync(context, desk, bill) is { } job)
            {
                await VendorDesk.WriteAsync(context, 200, VendorDocuments.Video(job));
            }
        });
        routes.MapGet("/openai/v1/videos/{id}/content", async context =>
        {
            if (await VendorServer.FindAsync(context, desk, bill) is { } job)
            {
                await ResultFiles.SendAsync(context, job);
            }
        });
    }
}
