using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace Pipeline.Reliability.Host;

/// <summary>
/// Loses answers between their commit and the caller: the call runs to its end, then the connection is cut, or the whole process dies. A call asks
/// for it by <c>_meta: {"rig/cut": "TOKEN:answer"}</c> (nothing arrives), <c>TOKEN:half</c> (half arrives) or <c>TOKEN:kill</c>; what it would
/// have got is told on standard output as <c>cut TOKEN ANSWER</c>. Others are lost by chance.
/// </summary>
internal sealed class CutAnswers(Action<string> tell)
{
    public const string Key = "rig/cut";

    private readonly Lock _gate = new();
    private Random _chance = new(0);
    private int _permille;

    /// <summary>Lets so many of a thousand answers be lost.</summary>
    public void Lose(int permille, int seed)
    {
        lock (_gate)
        {
            (_permille, _chance) = (permille, new Random(seed));
        }
    }

    public async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || !context.Request.Path.Equals("/mcp", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        context.Request.EnableBuffering();
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        context.Request.Body.Position = 0;
        var order = Order(body);
        if (order is null)
        {
            await next(context);
            return;
        }

        var wire = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await next(context);
        var (token, how) = (order[..order.LastIndexOf(':')], order[(order.LastIndexOf(':') + 1)..]);
        tell($"cut {token} {Encoding.UTF8.GetString(answer.ToArray()).ReplaceLineEndings("\\n")}");
        if (how == "kill")
        {
            Process.GetCurrentProcess().Kill();
        }

        if (how == "half")
        {
            context.Response.Body = wire;
            await wire.WriteAsync(answer.ToArray().AsMemory(0, (int)answer.Length / 2));
            await wire.FlushAsync();
        }

        context.Abort();
    }

    private string? Order(MemoryStream body)
    {
        var bytes = body.GetBuffer().AsSpan(0, (int)body.Length);
        if (bytes.IndexOf("\"rig/cut\""u8) >= 0 && JsonNode.Parse(bytes)?["params"]?["_meta"]?[Key] is { } asked)
        {
            return asked.GetValue<string>();
        }

        lock (_gate)
        {
            return _permille > 0 && bytes.IndexOf("tools/call"u8) >= 0 && _chance.Next(1000) < _permille ? "-:answer" : null;
        }
    }
}
