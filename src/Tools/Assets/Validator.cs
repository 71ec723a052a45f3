using System.Net.Http.Headers;

namespace Pipeline.Tools.Assets;

/// <summary>What tells whether bytes fetched later belong to those fetched before (RFC 9110, 8.8): a strong tag, else a date that is exact enough.</summary>
/// <param name="Etag">A strong entity tag. A weak one names no bytes.</param>
/// <param name="ModifiedSeconds">Unix seconds.</param>
internal sealed record Validator(string? Etag, long? ModifiedSeconds)
{
    public bool Exists => Etag is not null || ModifiedSeconds is not null;

    private DateTimeOffset Modified => DateTimeOffset.FromUnixTimeSeconds(ModifiedSeconds!.Value);

    public static Validator Of(HttpResponseMessage response) =>
        response.Headers.ETag is { IsWeak: false } tag ? new(tag.Tag, null)
        // A thing that changed twice within the second of its date looks the same: the date counts once that second is over.
        : response.Content.Headers.LastModified is { } modified && response.Headers.Date >= modified.AddSeconds(1) ? new(null, modified.ToUnixTimeSeconds())
        : new(null, null);

    /// <summary>The rest, if it is still the same thing; else all of it.</summary>
    public void AskForRest(HttpRequestMessage request, long fromBytes)
    {
        request.Headers.Range = new RangeHeaderValue(fromBytes, null);
        request.Headers.IfRange = Etag is not null ? new(new EntityTagHeaderValue(Etag)) : new RangeConditionHeaderValue(Modified);
    }

    /// <summary>All of it, unless it is still the same thing.</summary>
    public void AskIfChanged(HttpRequestMessage request)
    {
        if (Etag is not null)
        {
            request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(Etag));
        }
        else
        {
            request.Headers.IfModifiedSince = Modified;
        }
    }

    /// <summary>Whether a part that came says itself that it is of something else.</summary>
    public bool IsContradictedBy(HttpResponseMessage part) => Etag is not null && part.Headers.ETag is { } tag && (tag.IsWeak || tag.Tag != Etag);
}
