namespace Pipeline.McpServer.Http;

/// <summary>What a supervisor asks: <c>/healthz</c> whether the process answers, <c>/readyz</c> whether it should be sent work.</summary>
internal static class Probes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void Map(IEndpointRouteBuilder routes, Func<CancellationToken, ValueTask<bool>> ready, CancellationToken stopping)
    {
        routes.MapGet("/healthz", static () => "ok");
        routes.MapGet("/readyz", async (HttpContext context) =>
        {
            var yes = !stopping.IsCancellationRequested && await IsReadyAsync(ready, context.RequestAborted).ConfigureAwait(false);
            context.Response.StatusCode = yes ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            await context.Response.WriteAsync(yes ? "ready" : "not ready", context.RequestAborted).ConfigureAwait(false);
        });
    }

    // Whatever keeps a store from answering in time is an answer here: send no work.
    private static async Task<bool> IsReadyAsync(Func<CancellationToken, ValueTask<bool>> ready, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Patience);
        try
        {
            return await ready(late.Token).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>Probes come from supervisors that name the server by address; they tell nothing and pass every guard.</summary>
    public static bool Is(PathString path) => path == "/healthz" || path == "/readyz";
}
