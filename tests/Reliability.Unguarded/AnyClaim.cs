using System.Text;
using System.Text.Json.Nodes;
using Pipeline.Storage.State;
using Pipeline.Tools.Runs;

namespace Pipeline.Reliability.Unguarded;

/// <summary>
/// Reports without their generation: whoever reports is taken to be whoever claimed the step last, and a claim that a write carries is not looked
/// at. Stands at the door, because the check itself is no statement.
/// </summary>
internal sealed class AnyClaim(IDatabase database)
{
    public async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        if (LeftOut.Claims && HttpMethods.IsPost(context.Request.Method) && context.Request.Path.Equals("/mcp", StringComparison.Ordinal))
        {
            var message = await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            if (message?["params"] is JsonObject { } call && call["arguments"] is JsonObject arguments)
            {
                arguments.Remove("claim");
                await StandInAsync(call["name"]?.GetValue<string>(), arguments, context.RequestAborted);
            }

            var changed = Encoding.UTF8.GetBytes(message!.ToJsonString());
            context.Request.Body = new MemoryStream(changed);
            context.Request.ContentLength = changed.Length;
        }

        await next(context);
    }

    private async Task StandInAsync(string? tool, JsonObject arguments, CancellationToken cancellation)
    {
        if (tool is not ("complete_step" or "fail_step" or "renew_step"))
        {
            return;
        }

        var (runId, stepId) = (arguments["run_id"]!.GetValue<string>(), arguments["step_id"]!.GetValue<string>());
        await database.ReadAsync(async query =>
        {
            if (await StepsTable.FindAsync(query, runId, stepId) is { Generation: > 0 } step && await AttemptsTable.FindAsync(query, runId, stepId, step.Generation) is { } attempt)
            {
                arguments["generation"] = step.Generation;
                arguments["agent"] = attempt.Agent;
            }

            return true;
        }, cancellation);
    }
}
