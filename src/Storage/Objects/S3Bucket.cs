using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Pipeline.Storage.State;

namespace Pipeline.Storage.Objects;

/// <summary>One bucket: its names, requests with an end, and its failures in our words.</summary>
internal sealed class S3Bucket : IDisposable
{
    private readonly S3Options _options;

    public S3Bucket(S3Options options, TimeProvider time)
    {
        (_options, Clock) = (options, new S3Clock(time));
        Plain = new S3Http(Clock, options.Patience).CreateHttpClient(null!);
        Client = ClientFor(options.Endpoint);
        Public = options.PublicEndpoint is { } other && other != options.Endpoint ? ClientFor(other) : Client;
    }

    public AmazonS3Client Client { get; }

    /// <summary>Signs addresses as clients reach them.</summary>
    public AmazonS3Client Public { get; }

    /// <summary>Sends requests that are signed in their address.</summary>
    public HttpClient Plain { get; }

    /// <summary>Whether large objects go in parts; a store that was not asked yet is taken to know that.</summary>
    public bool HasMultipart { get; set; } = true;

    public S3Clock Clock { get; }

    public S3Options Options => _options;

    public string Name => _options.Bucket;

    /// <summary>Where an object's bytes are.</summary>
    /// <exception cref="ArgumentException">The name is no hash.</exception>
    public string KeyOf(string sha256) => sha256.Length == 64 && sha256.All(char.IsAsciiHexDigitLower)
        ? $"{ObjectsPrefix}{sha256[..2]}/{sha256[2..]}"
        : throw new ArgumentException("An object's name is 64 lower-case hexadecimal digits.", nameof(sha256));

    public string ObjectsPrefix => $"{_options.Prefix}objects/";

    /// <summary>A key of our own beside the objects.</summary>
    public string Aside(string folder, string name) => $"{_options.Prefix}{folder}/{name}";

    /// <summary>The object's size and time; null when there is none.</summary>
    public async Task<GetObjectMetadataResponse?> HeadAsync(string key, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(limit => Client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = Name, Key = key }, limit), cancellation).ConfigureAwait(false);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    public Task DeleteAsync(string key, CancellationToken cancellation) =>
        AskAsync(limit => Client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = Name, Key = key }, limit), cancellation);

    /// <summary>All that begins with <paramref name="prefix"/>, page by page.</summary>
    public async IAsyncEnumerable<S3Object> ListAsync(string prefix, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        for (string? next = null; ;)
        {
            var request = new ListObjectsV2Request { BucketName = Name, Prefix = prefix, ContinuationToken = next };
            var page = await AskAsync(limit => Client.ListObjectsV2Async(request, limit), cancellation).ConfigureAwait(false);
            foreach (var one in page.S3Objects ?? [])
            {
                yield return one;
            }

            if (page.IsTruncated != true || page.NextContinuationToken is null)
            {
                yield break;
            }

            next = page.NextContinuationToken;
        }
    }

    /// <summary>Runs a request that ends in time or fails.</summary>
    /// <exception cref="FileNotFoundException">There is no such object.</exception>
    /// <exception cref="StorageFailedException">The store cannot be reached, or would not.</exception>
    public Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> request, CancellationToken cancellation) =>
        AskAsync(request, _options.Patience * (_options.Retries + 1), cancellation);

    /// <summary>The same with a time of its own.</summary>
    public async Task<T> AskAsync<T>(Func<CancellationToken, Task<T>> request, TimeSpan within, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(within);
        try
        {
            return await request(limit.Token).ConfigureAwait(false);
        }
        catch (AmazonS3Exception gone) when (gone.StatusCode == HttpStatusCode.NotFound && gone.ErrorCode != "NoSuchBucket" && gone.ErrorCode != "NoSuchUpload")
        {
            throw new FileNotFoundException("No such object.", gone);
        }
        catch (AmazonS3Exception refused)
        {
            throw Failed(refused);
        }
        catch (Exception failure) when (IsOutage(failure) || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw Unreachable(failure);
        }
    }

    /// <summary>A failure of the way to the store, not of what was asked.</summary>
    public static bool IsOutage(Exception failure) => failure is AmazonClientException or HttpRequestException or TimeoutException or (IOException and not (FileNotFoundException or StorageFailedException));

    public StorageFailedException Unreachable(Exception? failure) => new($"The object store ({_options}) cannot be reached.", failure, full: false) { IsObjectStore = true };

    public void Dispose()
    {
        Plain.Dispose();
        Client.Dispose();
        if (Public != Client)
        {
            Public.Dispose();
        }
    }

    private StorageFailedException Failed(AmazonS3Exception refused) => new(refused switch
    {
        { ErrorCode: "NoSuchBucket" } => $"There is no {_options}. Make the bucket, or name another with PIPELINE_S3_BUCKET.",
        { ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" } => $"The object store at {_options.Endpoint} does not know this key pair. Look at PIPELINE_S3_ACCESS_KEY and PIPELINE_S3_SECRET_KEY.",
        { ErrorCode: "RequestTimeTooSkewed" } => $"The object store at {_options.Endpoint} has another time than this machine. Set the machine's clock.",
        { StatusCode: HttpStatusCode.Forbidden } => $"The object store refuses this key pair access to {_options}. It needs to get, put, delete and list there.",
        { StatusCode: HttpStatusCode.Moved or HttpStatusCode.Redirect or HttpStatusCode.TemporaryRedirect } => $"The {_options} is in another region. Look at PIPELINE_S3_ENDPOINT and PIPELINE_S3_REGION.",
        { StatusCode: >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests } => $"The object store ({_options}) does not answer as it should: {(int)refused.StatusCode} {refused.ErrorCode}.",
        _ => $"The object store ({_options}) refused: {(int)refused.StatusCode} {refused.ErrorCode}.",
    }, refused, full: refused.StatusCode == HttpStatusCode.InsufficientStorage)
    { IsObjectStore = true };

    private AmazonS3Client ClientFor(Uri endpoint) => new(new BasicAWSCredentials(_options.AccessKey, _options.SecretKey), new AmazonS3Config
    {
        ServiceURL = endpoint.ToString(),
        ForcePathStyle = true,
        AuthenticationRegion = _options.Region,
        HttpClientFactory = new S3Http(Clock, _options.Patience),
        MaxErrorRetry = _options.Retries,
        RetryMode = RequestRetryMode.Standard,

        // The sums that the SDK adds by itself come as trailers, which many stores do not take. Ours is the object's name.
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
    });
}
