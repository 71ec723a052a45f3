using System.Text.Json;
using ModelContextProtocol.Protocol;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Contract;

/// <summary>What clients that others wrote send: nulls for what they leave out, names that nobody can tell apart, pages of text.</summary>
public sealed class LooseArgumentTests
{
    [Theory]
    [InlineData("list_assets", """{"workspace": "film", "limit": null, "prefix": null}""")]
    [InlineData("create_workspace", """{"workspace": "film", "auto_index": null, "locks_required": null}""")]
    [InlineData("acquire_lock", """{"asset": "film/a.txt", "ttl_seconds": null, "mode": null, "wait_seconds": null, "agent": null, "idempotency_key": null}""")]
    [InlineData("index_asset", """{"asset": "film/b.txt", "tags": [{"start_seconds": 0, "end_seconds": 1, "text": "x", "label": null, "score": null}]}""")]
    [InlineData("notify_webhook", """{"workspace": "film", "event": "shot.ready", "payload": {"take": null}}""")]
    [InlineData("report_costs", """{"workspace": "film", "group_by": null}""")]
    [InlineData("index_asset", """{"asset": "film/b.txt", "transcript": null, "tags": [], "source": null, "lock_token": null, "claim": null}""")]
    [InlineData("set_budget", """{"workspace": "film", "limit_micros": 5, "period": null}""")]
    public async Task Null_is_an_argument_left_out(string tool, string arguments)
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        await client.CallAsync("put_asset", new { asset = "film/b.txt", text = "x" });

        var result = await client.CallToolAsync(Parameters(tool, arguments));

        Assert.False(result.IsError ?? false, result.StructuredContent?.ToString());
    }

    [Fact]
    public async Task The_same_intent_with_and_without_nulls_is_one()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });

        await client.CallAsync("put_asset", new { asset = "film/a.txt", text = "x", idempotency_key = "k" });
        var again = await client.CallAsync("put_asset", new { asset = "film/a.txt", text = "x", media_type = (string?)null, idempotency_key = "k" });

        Assert.Equal(1, again.GetProperty("version").GetInt64());
    }

    [Theory]
    [InlineData("list_assets", """{"workspace": null}""", "workspace", "must be string, not null")]
    [InlineData("wait_events", """{"workspace": "film", "kinds": [null]}""", "kinds[0]", "null")]
    [InlineData("index_asset", """{"asset": "film/a.txt", "tags": [null]}""", "tags[0]", "null")]
    [InlineData("report_metrics", """{"workspace": "film", "bucket": "week"}""", "bucket", "minute, hour, day.")]
    [InlineData("list_workspaces", """{"workspace": "film"}""", "workspace", "None is taken here.")]
    [InlineData("put_asset", """{"asset": "film/a.txt", "text": "x", "agent": "ed\u202eitor"}""", "agent", "bidirectional")]
    [InlineData("put_asset", """{"asset": "film/a.txt", "text": "x", "agent": "editor\u200b"}""", "agent", "format")]
    [InlineData("put_asset", """{"asset": "film/a.txt", "text": "x", "idempotency_key": "  "}""", "idempotency_key", "blank")]
    [InlineData("put_asset", """{"asset": "film/a.txt", "text": "x", "media_type": "text/plain\r\nX-Other: 1"}""", "media_type", "video/mp4")]
    [InlineData("put_asset", """{"asset": "film/a.txt", "text": "x", "media_type": "film"}""", "media_type", "video/mp4")]
    [InlineData("create_upload", """{"asset": "film/a.txt", "size_bytes": 5, "media_type": "t\u00e9xt/plain"}""", "media_type", "video/mp4")]
    [InlineData("claim_step", """{"capabilities": ["a\u0000b"]}""", "capabilities", "x-credits")]
    [InlineData("set_budget", """{"agent": "a\u0000b", "limit_micros": 1}""", "agent", "visible")]
    [InlineData("compose_media", """{"tracks": {"video": [{"asset": "film/a.txt", "start_seconds": "1"}]}, "output": "film/b.mp4"}""", "tracks.video[0].start_seconds", "number")]
    [InlineData("transfer_ownership", """{"organization": "My Studio", "to": "ann"}""", "organization", "The name of the organization")]
    public async Task What_is_wrong_is_said_in_words_that_help(string tool, string arguments, string argument, string words)
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        await client.CallAsync("put_asset", new { asset = "film/a.txt", text = "x" });

        var result = await client.CallToolAsync(Parameters(tool, arguments));

        var error = result.StructuredContent!.Value;
        Assert.Equal("invalid_argument", error.GetProperty("code").GetString());
        Assert.Equal(argument, error.GetProperty("facts").GetProperty("argument").GetString());
        Assert.Contains(words, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_does_not_repeat_pages_of_what_was_sent()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();

        var error = await client.RefusedAsync("get_run", new { run_id = new string('x', 200_000) }, "not_found");

        Assert.InRange(error.GetRawText().Length, 1, 10_000);
        Assert.Contains("200000", error.GetProperty("facts").GetProperty("name").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_write_is_logged_where_someone_can_read_it_and_without_pages()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });

        await client.RefusedAsync("put_asset", new { asset = new string('x', 5_000) + "/a.txt", text = "x" }, "invalid_argument");
        await client.RefusedAsync("put_asset", new { asset = "nowhere/a.txt", text = "x" }, "not_found");
        await client.RefusedAsync("put_asset", new { asset = "film/" + new string('x', 5_000), text = "x" }, "invalid_argument");

        var rows = await house.Database.ReadAsync(query => query.QueryAsync<(string Workspace, long Length)>(
            "select workspace, length(asset) from audit where outcome<>'ok' order by workspace, length(asset)"), CancellationToken.None);
        Assert.Equal([("", 13), ("", 640), ("film", 640)], rows);
    }

    [Fact]
    public async Task A_card_that_cannot_be_read_is_told_in_its_own_words()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();

        var empty = await client.RefusedAsync("register_model", new { card = new { } }, "invalid_catalogue");
        var unknown = await client.RefusedAsync("register_model", new { card = new { id = "m", bogus = "x" } }, "invalid_catalogue");

        Assert.Contains("lacks 'id', 'version'", empty.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("there is no field 'bogus'", unknown.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Pipeline.", empty.GetRawText() + unknown.GetRawText(), StringComparison.Ordinal);
    }

    private static CallToolRequestParams Parameters(string tool, string arguments) =>
        new() { Name = tool, Arguments = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(arguments) };
}
