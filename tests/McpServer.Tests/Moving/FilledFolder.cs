using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using Npgsql;
using Pipeline.Faults.Services;
using Pipeline.Faults.Stores;
using Pipeline.McpServer.Tests.Commands;
using Pipeline.McpServer.Tests.Stdio;

namespace Pipeline.McpServer.Tests.Moving;

/// <summary>A data folder that was filled over MCP by a real server, an empty database and an empty bucket, and what to compare.</summary>
internal sealed class FilledFolder : IAsyncDisposable
{
    private const int Shots = 25;

    // What tells the time, or is made anew for each answer.
    private static readonly string[] Passing =
        ["expires_at", "lease_expires_at", "download_url", "expires_in_seconds", "remaining_seconds", "last_error", "last_status", "attempts", "next_attempt_at", "state", "due_at", "ended_at"];

    private readonly DataHome _home = new();

    private FilledFolder(TestBucket bucket) => Bucket = bucket;

    public string Data => _home.Data;

    public TestPostgres Postgres { get; } = TestPostgres.Create();

    public TestBucket Bucket { get; }

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["PIPELINE_POSTGRES"] = Postgres.ConnectionString,
        ["PIPELINE_S3_ENDPOINT"] = TestBucket.Endpoint.ToString(),
        ["PIPELINE_S3_BUCKET"] = Bucket.Name,
        ["PIPELINE_S3_ACCESS_KEY"] = Bucket.Options.AccessKey,
        ["PIPELINE_S3_SECRET_KEY"] = Bucket.Options.SecretKey,
    };

    public long Token { get; private set; }

    public string LockId { get; private set; } = "";

    public string RunId { get; private set; } = "";

    public long Generation { get; private set; }

    public static async Task<FilledFolder> MakeAsync() => new(await TestBucket.MakeAsync());

    public string[] Migrate(params string[] more) => ["migrate", "--from", Data, "--to-postgres", "--to-s3", .. more];

    /// <summary>A server on the folder as it is now, or with <paramref name="moved"/> on the new place.</summary>
    public Task<ServerProcess> ServeAsync(bool moved = false) =>
        ServerProcess.StartAsync(Data, "127.0.0.1:1", moved ? [.. Settings.Select(one => (one.Key, one.Value))] : []);

    public static Task<McpClient> ConnectAsync(ServerProcess server) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(new Uri(server.Url), "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }));

    public static async Task<JsonNode> CallAsync(McpClient client, string tool, object arguments)
    {
        var result = await client.CallToolAsync(tool, JsonSerializer.SerializeToElement(arguments).EnumerateObject().ToDictionary(one => one.Name, one => (object?)one.Value));
        var answer = JsonNode.Parse(result.StructuredContent!.Value.GetRawText())!;
        Assert.True(result.IsError != true, $"{tool}: {answer}");
        return answer;
    }

    public async Task FillAsync(McpClient client)
    {
        await CallAsync(client, "create_workspace", new { workspace = "film" });
        await CallAsync(client, "create_workspace", new { workspace = "other" });
        for (var shot = 0; shot < Shots; shot++)
        {
            await CallAsync(client, "put_asset", new
            {
                asset = string.Create(CultureInfo.InvariantCulture, $"film/shots/{shot}.bin"), base64 = Convert.ToBase64String(RandomNumberGenerator.GetBytes(20_000)), metadata = new { shot },
            });
        }

        await CallAsync(client, "put_asset", new { asset = "film/notes.txt", text = "The first draft: Übergröße 漢字." });
        await CallAsync(client, "put_asset", new { asset = "film/notes.txt", text = "The second draft.", metadata = new { mood = "calm" } });
        await CallAsync(client, "put_asset", new { asset = "other/notes.txt", text = "Elsewhere." });
        await CallAsync(client, "index_asset", new
        {
            asset = "film/shots/1.bin",
            transcript = "WEBVTT\n\n00:00.000 --> 00:02.000\nShe opens the red door.\n\n00:02.000 --> 00:05.000\nThe dog runs across the snow.\n\n00:05.000 --> 00:08.000\nSilence in the empty house.\n",
            tags = new[] { new { start_seconds = 0.0, end_seconds = 3.0, text = "a red door, opened", label = "scene", score = 0.9 } },
        });
        await CallAsync(client, "subscribe_webhook", new { workspace = "film", url = "http://127.0.0.1:1/hook", events = new[] { "shot.*" } });
        await CallAsync(client, "notify_webhook", new { workspace = "film", @event = "shot.ready", payload = new { shot = 1 } });
        await CallAsync(client, "notify_webhook", new { workspace = "film", @event = "shot.ready", payload = new { shot = 2 } });
        await OnceAsync(client);
        var held = await CallAsync(client, "acquire_lock", new { asset = "film/cut.mp4", ttl_seconds = 600, agent = "holder" });
        (LockId, Token) = ((string)held["lock_id"]!, (long)held["token"]!);
        object[] steps = [new { id = "a", capability = "x-work" }, new { id = "b", capability = "x-work", needs = new[] { "a" } }];
        var plan = await CallAsync(client, "create_plan", new { workspace = "film", plan = new { steps } });
        RunId = (string)(await CallAsync(client, "start_run", new { plan_id = (string)plan["plan_id"]! }))["run_id"]!;
        Generation = (long)(await CallAsync(client, "claim_step", new { workspace = "film", capabilities = new[] { "x-work" }, lease_seconds = 600, agent = "worker" }))["step"]!["generation"]!;

        // What arrives is indexed beside the calls; what is seen stands still once that is done.
        var arrived = Enumerable.Range(0, Shots).Select(shot => string.Create(CultureInfo.InvariantCulture, $"film/shots/{shot}.bin")).Concat(["film/notes.txt", "film/once.txt", "other/notes.txt"]);
        foreach (var asset in arrived)
        {
            while ((await CallAsync(client, "get_asset", new { asset }))["index"]?["entries"]?["metadata"] is null)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>How many sessions of the database wait for a lock.</summary>
    public long Waits()
    {
        using var connection = new NpgsqlConnection(Postgres.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand("select count(*) from pg_stat_activity where datname=current_database() and wait_event_type='Lock'", connection);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>A write whose answer is kept under its key.</summary>
    public static Task<JsonNode> OnceAsync(McpClient client) => CallAsync(client, "put_asset", new { asset = "film/once.txt", text = "Once.", idempotency_key = "once" });

    /// <summary>What clients see, without what moves with the time.</summary>
    public async Task<IReadOnlyDictionary<string, string>> SeenAsync(McpClient client)
    {
        var seen = new Dictionary<string, JsonNode>
        {
            ["list_assets"] = await CallAsync(client, "list_assets", new { workspace = "film", limit = 100 }),
            ["list_assets other"] = await CallAsync(client, "list_assets", new { workspace = "other" }),
            ["get_asset"] = await CallAsync(client, "get_asset", new { asset = "film/notes.txt" }),
            ["get_asset shot"] = await CallAsync(client, "get_asset", new { asset = "film/shots/1.bin" }),
            ["read_asset"] = await CallAsync(client, "read_asset", new { asset = "film/notes.txt@1" }),
            ["read_asset shot"] = await CallAsync(client, "read_asset", new { asset = "film/shots/7.bin" }),
            ["query_index door"] = await CallAsync(client, "query_index", new { workspace = "film", query = "who opens the door" }),
            ["query_index dog"] = await CallAsync(client, "query_index", new { workspace = "film", query = "a dog in the snow" }),
            ["get_run"] = (await CallAsync(client, "get_run", new { run_id = RunId }))["steps"]!,
            ["list_deliveries"] = await CallAsync(client, "list_deliveries", new { workspace = "film" }),
            ["list_locks"] = await CallAsync(client, "list_locks", new { workspace = "film" }),
            ["events"] = await CallAsync(client, "wait_events", new { workspace = "film", since = 0 }),
        };
        return seen.ToDictionary(one => one.Key, one =>
        {
            Strip(one.Value);
            return one.Value.ToJsonString();
        });
    }

    public async ValueTask DisposeAsync()
    {
        _home.Dispose();
        Postgres.Dispose();
        await Bucket.DisposeAsync();
    }

    private static void Strip(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Strip(item);
            }
        }
        else if (node is JsonObject one)
        {
            foreach (var name in Passing)
            {
                one.Remove(name);
            }

            foreach (var (_, value) in one)
            {
                Strip(value);
            }
        }
    }
}
