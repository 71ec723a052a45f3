using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Pipeline.Bench.Doors;
using Pipeline.Bench.Loads;

namespace Pipeline.Bench.Verbs;

/// <summary>
/// The first byte of a range of a stored intermediate, through a real server: from its own disk, and with --s3 from a bucket, beside the SDK's
/// bare GetObject of the same range in the same run. The server keeps no copy on its disk then.
/// </summary>
internal static class BytesBench
{
    private const int SizeBytes = 8 << 20;
    private const int RangeBytes = 64 << 10;
    private const string Setting = "PIPELINE_TEST_S3_";

    public static Command Create()
    {
        var s3 = new Option<bool>("--s3") { Description = $"Also from a bucket on the server that {Setting}ENDPOINT, _ACCESS_KEY and _SECRET_KEY name" };
        var rounds = new Option<int>("--rounds") { Description = "How often each way is asked", DefaultValueFactory = static _ => 500 };
        var json = new Option<bool>("--json") { Description = "One JSON document on stdout" };
        var command = new Command("bytes", "The first byte of a stored intermediate") { s3, rounds, json };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(s3), parsed.GetValue(rounds), parsed.GetValue(json)));
        return command;
    }

    private static async Task RunAsync(bool s3, int rounds, bool json)
    {
        using var scratch = new Scratch();
        var rows = new List<JsonObject>();
        await using (var door = await HttpDoor.OpenAsync(scratch.Folder("files")))
        {
            var (url, _) = await StoreAsync(door);
            var taken = await FirstBytes.RunAsync(rounds, SizeBytes, RangeBytes, offset => FirstBytes.OverHttpAsync(door.Client, url, offset, RangeBytes));
            rows.Add(Row("server, local disk", taken[0]));
        }

        if (s3)
        {
            rows.AddRange(await FromBucketAsync(scratch, rounds));
        }

        foreach (var row in rows)
        {
            await Console.Out.WriteLineAsync(json ? null : string.Create(CultureInfo.InvariantCulture, $"{(string?)row["what"],-40} p50 {(double)row["p50_ms"]!,8:0.00} ms   p95 {(double)row["p95_ms"]!,8:0.00} ms   n {(int)row["rounds"]!}"));
        }

        if (json)
        {
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new { bench = "bytes", range_bytes = RangeBytes, rows }));
        }
    }

    private static async Task<IReadOnlyList<JsonObject>> FromBucketAsync(Scratch scratch, int rounds)
    {
        string Read(string name) => Environment.GetEnvironmentVariable(Setting + name) ?? throw new InvalidOperationException($"{Setting}{name} is not set.");
        using var client = new AmazonS3Client(
            new BasicAWSCredentials(Read("ACCESS_KEY"), Read("SECRET_KEY")),
            new AmazonS3Config { ServiceURL = Read("ENDPOINT"), ForcePathStyle = true, AuthenticationRegion = "us-east-1", ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED });
        var bucket = "bench-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        await client.PutBucketAsync(bucket);
        try
        {
            await using var door = await HttpDoor.OpenAsync(scratch.Folder("bucket"), new()
            {
                ["PIPELINE_S3_ENDPOINT"] = Read("ENDPOINT"),
                ["PIPELINE_S3_BUCKET"] = bucket,
                ["PIPELINE_S3_ACCESS_KEY"] = Read("ACCESS_KEY"),
                ["PIPELINE_S3_SECRET_KEY"] = Read("SECRET_KEY"),
                ["PIPELINE_S3_PUBLIC_ENDPOINT"] = "none", // links lead through the server
                ["PIPELINE_S3_CACHE_MIB"] = "0",
            });
            var (url, sha256) = await StoreAsync(door);
            var key = $"objects/{sha256[..2]}/{sha256[2..]}";
            var taken = await FirstBytes.RunAsync(
                rounds, SizeBytes, RangeBytes,
                async offset =>
                {
                    using var answer = await client.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new ByteRange(offset, offset + RangeBytes - 1) });
                    await FirstBytes.FirstAsync(answer.ResponseStream);
                },
                offset => FirstBytes.OverHttpAsync(door.Client, url, offset, RangeBytes));
            return [Row("GetObject of the SDK, bare", taken[0]), Row("server, bucket", taken[1])];
        }
        finally
        {
            foreach (var one in (await client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket })).S3Objects ?? [])
            {
                await client.DeleteObjectAsync(bucket, one.Key);
            }

            await client.DeleteBucketAsync(bucket);
        }
    }

    private static async Task<(Uri Url, string Sha256)> StoreAsync(HttpDoor door)
    {
        var bytes = RandomNumberGenerator.GetBytes(SizeBytes);
        await door.CallAsync("create_workspace", new JsonObject { ["workspace"] = "bench", ["auto_index"] = false });
        var told = await door.CallAsync("create_upload", new JsonObject { ["asset"] = "bench/intermediate.bin", ["size_bytes"] = SizeBytes });
        using var body = new ByteArrayContent(bytes);
        using var sent = await door.Client.PutAsync(new Uri((string)told["url"]!), body);
        sent.EnsureSuccessStatusCode();
        return (await door.LinkAsync("bench/intermediate.bin"), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static JsonObject Row(string what, IReadOnlyList<double> taken) => new()
    {
        ["what"] = what, ["rounds"] = taken.Count, ["p50_ms"] = FirstBytes.At(taken, 0.5), ["p95_ms"] = FirstBytes.At(taken, 0.95),
    };
}
