using Pipeline.McpServer.Auth;

namespace Pipeline.McpServer.Http;

/// <summary>Reads the API key of a request. Without keys configured, whoever reaches the loopback door is the operator.</summary>
/// <param name="keys">The keys that are known; null when none is asked for.</param>
public sealed class Bearer(ApiKeys? keys)
{
    private const string Scheme = "Bearer ";

    /// <summary>Who calls, or null when a key is asked for and this one is missing or unknown.</summary>
    public Identity? Identify(HttpRequest request)
    {
        if (keys is null)
        {
            return Identity.Operator;
        }

        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? keys.Find(header[Scheme.Length..].Trim()) : null;
    }

    /// <summary>Answers 401 and says what was wanted.</summary>
    public static Task ChallengeAsync(HttpContext context)
    {
        var sent = context.Request.Headers.Authorization.Count > 0;
        context.Response.Headers.WWWAuthenticate = sent ? "Bearer realm=\"pipeline\", error=\"invalid_token\"" : "Bearer realm=\"pipeline\"";
        var message = sent ? "The API key is not known." : "An API key is needed: Authorization: Bearer KEY.";
        return new Refusal(StatusCodes.Status401Unauthorized, Refusal.InvalidRequest, message).WriteAsync(context);
    }
}
