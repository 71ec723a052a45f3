using System.Text.Json.Nodes;
using Pipeline.McpServer.Tests.Stdio;

namespace Pipeline.McpServer.Tests.Commands;

public sealed class VerbTests
{
    [Fact]
    public async Task Calls_of_one_shell_are_one_caller()
    {
        using var home = new DataHome();

        var made = await CommandRun.OfAsync("call", "create_workspace", "--workspace", "film", "--data", home.Data);
        var locked = await CommandRun.OfAsync("call", "acquire_lock", "--asset", "film/a.txt", "--ttl-seconds", "600", "--data", home.Data);
        var token = JsonNode.Parse(locked.Output)!["token"]!.ToString();
        var written = await CommandRun.OfAsync("call", "put_asset", "--asset", "film/a.txt", "--text", "@home", "--lock_token", token, "--data", home.Data, "--json");

        Assert.Equal(0, made.Exit);
        Assert.Equal(1, (int)JsonNode.Parse(written.Output)!["version"]!);
        Assert.Single(written.Output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_refusal_is_exit_1_on_standard_error_or_as_json_on_standard_output()
    {
        using var home = new DataHome();

        var read = await CommandRun.OfAsync("call", "list_assets", "--workspace", "nowhere", "--data", home.Data);
        var json = await CommandRun.OfAsync("call", "list_assets", "--workspace", "nowhere", "--data", home.Data, "--json");

        Assert.Equal((1, ""), (read.Exit, read.Output));
        Assert.StartsWith("not_found: ", read.Errors, StringComparison.Ordinal);
        Assert.Equal(1, json.Exit);
        Assert.Equal("not_found", (string)JsonNode.Parse(json.Output)!["code"]!);
    }

    [Theory]
    [InlineData("acquire_lock", "call", "acquirelock")]
    [InlineData("'frob'", "frob")]
    [InlineData("--limit is a whole number", "call", "list_assets", "--limit", "many")]
    [InlineData("--server is an address", "call", "list_assets", "--server", "here")]
    [InlineData("claude-desktop", "doctor", "--client", "emacs")]
    [InlineData("--bogus", "tools", "--bogus")]
    [InlineData("--concurrency is a whole number from 1 to 64, not 'x'", "work", "--concurrency", "x")]
    [InlineData("--workers is a whole number from 1 to 32, not '99'", "demo", "--workers", "99")]
    [InlineData("--grace is a number, not 'x'", "gc", "--grace", "x")]
    [InlineData("--toolsets names 'medai', which is none of storage", "serve", "--toolsets", "medai", "--url", "http://127.0.0.1:0")]
    [InlineData("--exclude-tools names 'put_assets'", "stdio", "--exclude-tools", "put_assets")]
    [InlineData("--data names a folder", "serve", "--data", "", "--url", "http://127.0.0.1:0")]
    public async Task Wrong_usage_is_exit_2_and_says_what_would_be_right(string hint, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(arguments);

        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(hint, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_are_wrong_are_said_and_not_thrown()
    {
        using var home = new DataHome();
        var file = Path.Combine(Path.GetDirectoryName(home.Data)!, "agents.json");
        await File.WriteAllTextAsync(file, """[{"principal": "ann", "role": "member", "workspaces": ["*"], "key_sha256": "KEY"}]""".Replace("KEY", new string('a', 64), StringComparison.Ordinal));

        var address = await CommandRun.OfAsync(["serve", "--data", home.Data], ("PIPELINE_URL", "garbage"));
        var all = await CommandRun.OfAsync("serve", "--data", home.Data, "--agents", file);
        var folder = await CommandRun.OfAsync("serve", "--data", file, "--url", "http://127.0.0.1:0");

        Assert.Equal(2, address.Exit);
        Assert.Contains("PIPELINE_URL 'garbage' is no address", address.Errors, StringComparison.Ordinal);
        Assert.Equal(1, all.Exit);
        Assert.Contains("leave \"workspaces\" out", all.Errors, StringComparison.Ordinal);
        Assert.Equal(1, folder.Exit);
        Assert.Contains("is a file; the data folder is a folder", folder.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_line()
    {
        using var home = new DataHome();
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        var run = await CommandRun.OfAsync("serve", "--data", home.Data, "--url", $"http://{taken.LocalEndpoint}");

        Assert.Equal(1, run.Exit);
        Assert.Contains("Give another --url", Assert.Single(run.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_one_line()
    {
        var run = await CommandRun.OfAsync("call", "list_workspaces", "--server", "http://127.0.0.1:1");

        Assert.Equal((1, ""), (run.Exit, run.Output));
        Assert.Single(run.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Tools_are_told_without_a_server()
    {
        var all = await CommandRun.OfAsync("tools", "--json");
        var one = await CommandRun.OfAsync("tools", "put_asset");

        Assert.Contains(JsonNode.Parse(all.Output)!["tools"]!.AsArray(), tool => (string)tool!["name"]! == "put_asset" && (string)tool["toolset"]! == "storage");
        Assert.Contains("--asset (needed): text.", one.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("stdio")]
    [InlineData("call")]
    [InlineData("tools")]
    [InlineData("doctor")]
    public async Task Every_verb_answers_help(string verb)
    {
        var run = await CommandRun.OfAsync(verb, "--help");

        Assert.Equal((0, ""), (run.Exit, run.Errors));
        Assert.Contains($"pipeline {verb}", run.Output, StringComparison.Ordinal);
    }
}
