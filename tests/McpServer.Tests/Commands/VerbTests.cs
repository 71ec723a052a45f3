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
    public async Task Wrong_usage_is_exit_2_and_says_what_would_be_right(string hint, params string[] arguments)
    {
        var run = await CommandRun.OfAsync(arguments);

        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(hint, run.Errors, StringComparison.Ordinal);
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
