using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Pipeline.Storage.Objects;

namespace Pipeline.Faults.Stores;

/// <summary>A bucket of a test's own on the S3 server that the environment names, gone with the test.</summary>
public sealed class TestBucket : IAsyncDisposable
{
    private TestBucket(string name)
    {
        Name = name;
        Client = new AmazonS3Client(
            new BasicAWSCredentials(Read("ACCESS_KEY"), Read("SECRET_KEY")),
            new AmazonS3Config { ServiceURL = Read("ENDPOINT"), ForcePathStyle = true, AuthenticationRegion = "us-east-1", ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED });
    }

    public string Name { get; }

    /// <summary>A client of the test's own, to look behind the store's back.</summary>
    public AmazonS3Client Client { get; }

    /// <summary>Where the server is.</summary>
    public static Uri Endpoint => new(Read("ENDPOINT"));

    /// <summary>How our store reaches it.</summary>
    public S3Options Options => new(Endpoint, Name, Read("ACCESS_KEY"), Read("SECRET_KEY"));

    public static async Task<TestBucket> MakeAsync()
    {
        var bucket = new TestBucket("test-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        await bucket.Client.PutBucketAsync(bucket.Name);
        return bucket;
    }

    /// <summary>Where an object's bytes are.</summary>
    public static string KeyOf(StoredObject stored) => $"objects/{stored.Sha256[..2]}/{stored.Sha256[2..]}";

    /// <summary>All keys.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync()
    {
        var keys = new List<string>();
        for (string? next = null; ;)
        {
            var page = await Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Name, ContinuationToken = next });
            keys.AddRange((page.S3Objects ?? []).Select(one => one.Key));
            if (page.IsTruncated != true)
            {
                return keys;
            }

            next = page.NextContinuationToken;
        }
    }

    /// <summary>Uploads in parts that nobody ended.</summary>
    public async Task<int> OpenPartsAsync() => (await Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Name })).MultipartUploads?.Count ?? 0;

    /// <summary>Writes over an object behind the store's back.</summary>
    public async Task WriteOverAsync(StoredObject stored, byte[] bytes)
    {
        using var content = new MemoryStream(bytes);
        await Client.PutObjectAsync(new PutObjectRequest { BucketName = Name, Key = KeyOf(stored), InputStream = content, UseChunkEncoding = false });
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var key in await KeysAsync())
        {
            await Client.DeleteObjectAsync(Name, key);
        }

        foreach (var open in (await Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = Name })).MultipartUploads ?? [])
        {
            await Client.AbortMultipartUploadAsync(Name, open.Key, open.UploadId);
        }

        await Client.DeleteBucketAsync(Name);
        Client.Dispose();
    }

    private static string Read(string what) => Environment.GetEnvironmentVariable("PIPELINE_TEST_S3_" + what) is { Length: > 0 } value ? value
        : throw new InvalidOperationException($"PIPELINE_TEST_S3_{what} is not set; `eval \"$(sh tests/services up)\"` brings up a server.");
}
