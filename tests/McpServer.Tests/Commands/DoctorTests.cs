using System.Text.Json.Nodes;
using Pipeline.Faults.Services;
using Pipeline.McpServer.Tests.Stdio;

namespace Pipeline.McpServer.Tests.Commands;

public sealed class DoctorTests
{
    [Theory]
    [InlineData("claude-desktop", "mcpServers")]
    [InlineData("claude-code", "mcpServers")]
    [InlineData("vscode", "servers")]
    [InlineData("cursor", "mcpServers")]
    public async Task A_clients_configuration_names_a_program_that_is_there(string client, string root)
    {
        var run = await CommandRun.OfAsync("doctor", "--client", client, "--data", "relative");

        var entry = JsonNode.Parse(run.Output)![root]!["pipeline"]!;
        Assert.True(File.Exists((string)entry["command"]!) && Path.IsPathFullyQualified((string)entry["command"]!));
        Assert.Equal(["stdio", "--data", Path.GetFullPath("relative")], entry["args"]!.AsArray().Select(argument => (string)argument!));
        Assert.NotEmpty(run.Errors);
    }

    [Fact]
    public async Task It_says_what_is_here_as_one_document_and_makes_nothing()
    {
        using var home = new DataHome();

        var run = await CommandRun.OfAsync("doctor", "--json", "--data", home.Data);

        var told = JsonNode.Parse(run.Output)!;
        Assert.Equal(run.Exit == 0, (bool)told["ok"]!);
        Assert.Superset(
            new HashSet<string> { ".NET", "SQLite", "ffmpeg", "data folder", "disk", "embeddings", "director", "address" },
            told["checks"]!.AsArray().Select(check => (string)check!["name"]!).ToHashSet());
        Assert.False(Directory.Exists(home.Data));
    }

    [Fact]
    [Trait("needs", "services")]
    public async Task It_looks_at_the_database_without_making_anything_in_it()
    {
        using var home = new DataHome();
        using var postgres = TestPostgres.Create();

        var found = await StateAsync(home, postgres.ConnectionString);
        var away = await StateAsync(home, "Host=127.0.0.1;Port=1;Username=nobody;Password=hidden-word;Database=none");
        var wrong = await StateAsync(home, "postgres at home");

        Assert.Equal("ok", (string)found["standing"]!);
        Assert.Contains("pgvector not created yet", (string)found["value"]!, StringComparison.Ordinal);
        Assert.Equal("missing", (string)away["standing"]!);
        Assert.DoesNotContain("hidden-word", away.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains("Host=", (string)wrong["advice"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_holds_other_things_is_missing_what_is_needed()
    {
        using var home = new DataHome();
        Directory.CreateDirectory(home.Data);
        await File.WriteAllTextAsync(Path.Combine(home.Data, "thesis.docx"), "");

        var run = await CommandRun.OfAsync("doctor", "--data", home.Data);

        Assert.Equal(1, run.Exit);
        Assert.Contains("new or empty", run.Output, StringComparison.Ordinal);
    }

    private static async Task<JsonObject> StateAsync(DataHome home, string connectionString)
    {
        var run = await CommandRun.OfAsync(["doctor", "--json", "--data", home.Data], ("PIPELINE_POSTGRES", connectionString));
        return JsonNode.Parse(run.Output)!["checks"]!.AsArray().Single(check => (string)check!["name"]! == "state store")!.AsObject();
    }
}
