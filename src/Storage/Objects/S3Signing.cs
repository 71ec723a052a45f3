using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;

namespace Pipeline.Storage.Objects;

/// <summary>Signed addresses in a bucket. How long they hold is measured by the store's clock and not by ours, so the system's is asked here.</summary>
internal sealed class S3Signing(S3Bucket bucket)
{
    /// <summary>Tells the store what the body must hash to.</summary>
    public const string SumHeader = "x-amz-checksum-sha256";

    /// <summary>For one PUT of exactly so many bytes and, if it is given, of this sum.</summary>
    public Uri Put(AmazonS3Client client, string key, long sizeBytes, string? sum, TimeSpan valid)
    {
        var request = Make(client, key, HttpVerb.PUT, valid);
        request.Headers["Content-Length"] = sizeBytes.ToString(CultureInfo.InvariantCulture);
        if (sum is not null)
        {
            request.Headers[SumHeader] = sum;
        }

        return new(client.GetPreSignedURL(request));
    }

    /// <summary>For GET, answered with these headers.</summary>
    public Uri Get(AmazonS3Client client, string key, ResponseHeaderOverrides headers, TimeSpan valid)
    {
        var request = Make(client, key, HttpVerb.GET, valid);
        request.ResponseHeaderOverrides = headers;
        return new(client.GetPreSignedURL(request));
    }

    private GetPreSignedUrlRequest Make(AmazonS3Client client, string key, HttpVerb verb, TimeSpan valid) => new()
    {
        BucketName = bucket.Name,
        Key = key,
        Verb = verb,
        Expires = (TimeProvider.System.GetUtcNow() + valid).UtcDateTime,
        Protocol = client.Config.ServiceURL.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? Protocol.HTTPS : Protocol.HTTP,
    };
}
