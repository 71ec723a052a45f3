using System.Text.Json.Nodes;
using Pipeline.Faults.Services;
using Pipeline.Faults.Stores;
using Pipeline.McpServer.Tests.Commands;
using Pipeline.McpServer.Tests.Http;
using Pipeline.McpServer.Tests.Stdio;

namespace Pipeline.McpServer.Tests.Observing;

public sealed class TelemetryTests
{
    private const string TraceId = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Fact]
    public async Task A_call_s_trace_goes_on_from_its_meta_to_the_programs_it_runs()
    {
        using var home = new DataHome();
        await using var collector = await Collector.OpenAsync();
        await using var server = await ServerProcess.StartAsync(
            home.Data, "", ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "100"), ("OTEL_METRIC_EXPORT_INTERVAL", "300"));
        using var client = new HttpClient { BaseAddress = new Uri(new Uri(server.Url), "/mcp"), Timeout = TimeSpan.FromSeconds(60) };
        await CallAsync(client, "create_workspace", new() { ["workspace"] = "film", ["auto_index"] = false });
        await CallAsync(client, "put_asset", new() { ["asset"] = "film/red.png", ["base64"] = "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC" });
        await CallAsync(client, "extract_frames", new() { ["asset"] = "film/red.png", ["at_seconds"] = new JsonArray(0.0) });

        await Eventually.TrueAsync(() => collector.Spans(TraceId) is var spans && spans.Contains("ffprobe") && spans.Contains("tools/call extract_frames"));
        await Eventually.TrueAsync(() => collector.HasMetric("pipeline.program.duration") && collector.HasMetric("pipeline.steps.ready"));
        Assert.False(collector.Heard(home.Data), "no path of this machine leaves it");
    }

    [Fact]
    [Trait("needs", "services")]
    public async Task A_call_s_trace_reaches_the_database_and_the_object_store()
    {
        using var home = new DataHome();
        using var postgres = TestPostgres.Create();
        await using var bucket = await TestBucket.MakeAsync();
        await using var collector = await Collector.OpenAsync();
        await using var server = await ServerProcess.StartAsync(
            home.Data, "", ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "100"),
            ("PIPELINE_POSTGRES", postgres.ConnectionString), ("PIPELINE_S3_ENDPOINT", TestBucket.Endpoint.ToString()), ("PIPELINE_S3_BUCKET", bucket.Name),
            ("PIPELINE_S3_ACCESS_KEY", bucket.Options.AccessKey), ("PIPELINE_S3_SECRET_KEY", bucket.Options.SecretKey));
        using var client = new HttpClient { BaseAddress = new Uri(new Uri(server.Url), "/mcp"), Timeout = TimeSpan.FromSeconds(60) };
        await CallAsync(client, "create_workspace", new() { ["workspace"] = "film", ["auto_index"] = false });
        await CallAsync(client, "put_asset", new() { ["asset"] = "film/note.txt", ["text"] = "seen" });

        await Eventually.TrueAsync(() => collector.Spans(TraceId) is var spans && spans.Contains("tools/call put_asset") && spans.Contains("PUT") && spans.Contains("postgresql"));
        Assert.False(collector.Heard(bucket.Options.SecretKey), "no secret leaves it");
    }

    private static async Task CallAsync(HttpClient client, string tool, JsonObject arguments)
    {
        var request = Door.Call(tool, arguments);
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync())!;
        body["params"]!["_meta"]!["traceparent"] = $"00-{TraceId}-00f067aa0ba902b7-01";
        request.Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        var told = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode && !told.Contains("\"isError\":true", StringComparison.Ordinal), told);
    }
}
