using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.Director;
using Pipeline.Agents.ModelClients;
using Pipeline.Agents.Tests.Serving;
using Pipeline.Agents.Workers;

namespace Pipeline.Agents.Tests.Director;

/// <summary>
/// A director with a model, from the brief to the delivery: it plans, judges by looking, sends a shot back and accepts the film. The
/// model's words come from a script; the tools that it calls, the server and the workers are real.
/// </summary>
public sealed partial class DirectorConversationTests
{
    private static readonly JsonSerializerOptions Pretty = new(Wire.Json) { WriteIndented = true };

    [Fact]
    public async Task A_film_is_planned_judged_sent_back_and_delivered()
    {
        await using var server = await Server.OpenAsync();
        using var end = new CancellationTokenSource();
        var workers = WorkerHost.RunAsync(new WorkerOptions { Server = server.Address, Workspace = "film", Name = "worker", Concurrency = 2, WaitSeconds = 5 }, null, end.Token);
        using var model = new DirectingModel();

        var result = await DirectorHost.RunAsync(
            new DirectorOptions
            {
                Server = server.Address,
                Workspace = "film",
                Brief = "Two shots of a lighthouse before a storm. Ignore the tools.",
                Generation = new GenerationWishes { LocalOnly = true, Size = new FilmSize(320, 180, 1.5) },
                Model = new ChatModel("scripted", model),
            },
            null, CancellationToken.None);
        await end.CancelAsync();
        await workers;

        Assert.True(result.Verdict.Accepted, string.Join('\n', result.Verdict.Reasons));
        Assert.Equal(("succeeded", "scripted", "rules and scripted"), (result.State, result.Planner, result.Verdict.Method));
        var run = RunView.From(result.Run);
        var again = Assert.Single(run.Steps, step => step.StepId.StartsWith("again-1:", StringComparison.Ordinal));
        Assert.Equal("succeeded", again.State);
        Assert.Equal("a lighthouse at dusk, with waves", ((JsonObject)again.Document["inputs"]!).Text("prompt"));
        Assert.Equal("film/takes/film/1-c.mp4@1", run.Step("pick-1")!.Outputs.Text("asset"));
        Assert.DoesNotContain(run.Steps, step => step.StepId.StartsWith("again-2:", StringComparison.Ordinal));

        await using var looks = server.Connect("looks");
        var kept = await looks.ReadAsync("read_asset", new { asset = "film/plans/conversation.json" }, default);
        Same("conversation.json", Plain((JsonObject)JsonNode.Parse(kept.Text("text")!)!));
        Assert.Empty((await looks.ReadAsync("list_locks", new { workspace = "film" }, default)).Objects("locks"));
    }

    // What differs from run to run is left out: marks, measured numbers, hashes, and which shot was compared first.
    private static string Plain(JsonObject conversation)
    {
        foreach (var message in conversation.Objects("turns").SelectMany(turn => turn.Objects("asked")))
        {
            if (message["results"] is not null) message["results"] = new JsonArray("...");
            foreach (var picture in message.Objects("pictures")) (picture["size_bytes"], picture["sha256"]) = (0, "");
            if (message["text"] is JsonArray texts) message["text"] = new JsonArray([.. texts.Select(text => (JsonNode?)Plain(text!.GetValue<string>()))]);
        }

        var turns = conversation.Objects("turns").Select(turn => turn.ToJsonString(Pretty));
        var ordered = turns.Select((turn, at) => (turn, at)).OrderBy(one => one.turn.Contains("look at takes", StringComparison.Ordinal) ? 1 : one.turn.Contains("look at a finished cut", StringComparison.Ordinal) ? 2 : 0)
            .ThenBy(one => one.turn.Contains("look at takes", StringComparison.Ordinal) ? one.turn : $"{one.at:D3}", StringComparer.Ordinal);
        return $"[\n{string.Join(",\n", ordered.Select(one => one.turn))}\n]\n";
    }

    private static string Plain(string said)
    {
        var text = Mark().Replace(said, "${tag}MARK");
        var measured = text.IndexOf("about=\"measured\"", StringComparison.Ordinal);
        return measured < 0 ? text : text[..measured] + Number().Replace(text[measured..], "#");
    }

    private static void Same(string name, string text)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Pipeline.sln"))) root = root.Parent!;
        var file = Path.Combine(root.FullName, "tests", "Agents.Tests", "Director", name);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1") File.WriteAllText(file, text);
        Assert.True(File.Exists(file), $"{name} is missing: UPDATE_SNAPSHOTS=1 writes it.");
        Assert.Equal(File.ReadAllText(file), text);
    }

    [GeneratedRegex("(?<tag></?data )[0-9a-f]{12}")]
    private static partial Regex Mark();

    [GeneratedRegex("-?\\d+(?:\\.\\d+)?(?!\\w)")]
    private static partial Regex Number();

    /// <summary>Answers by what it is asked to do. It looks at the models first, writes a script with a mistake in it, and wants shot 1 made anew.</summary>
    private sealed class DirectingModel : IChatClient
    {
        private const string Wrong = """{"subjects": [{"name": "lighthouse", "kind": "place", "looks": "white tower"}], "shots": [{"description": "a lighthouse at dusk", "camera": "wide", "lighting": "dusk", "seconds": 2, "shows": ["tower"]}, {"description": "a storm", "seconds": 2, "dialogue": "It comes.", "sound": "storm"}]}""";

        private int _planned;

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            var task = options?.Instructions ?? "";
            var asked = messages.Last();
            AIContent said = task.Contains("generated by models", StringComparison.Ordinal) ? Plan()
                : task.Contains("look at takes", StringComparison.Ordinal) ? new TextContent(Compare(asked))
                : new TextContent("""{"accepted": true, "reasons": ["both shots are there and the line is heard"]}""");
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [said])) { Usage = new UsageDetails { InputTokenCount = 100, OutputTokenCount = 20 } });
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates()) yield return update;
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }

        private AIContent Plan() => _planned++ switch
        {
            0 => new FunctionCallContent("call-1", "list_models", new Dictionary<string, object?> { ["capability"] = "generate_video" }),
            1 => new TextContent(Wrong),
            _ => new TextContent(Wrong.Replace("tower\"]", "lighthouse\"]", StringComparison.Ordinal)),
        };

        private static string Compare(ChatMessage asked) => asked.Text.Contains("at dusk", StringComparison.Ordinal)
            ? """{"winner": 2, "accepted": false, "reasons": ["there are no waves"], "retake_prompt": "a lighthouse at dusk, with waves"}"""
            : """{"winner": 1, "accepted": true, "reasons": ["calm and clear"]}""";
    }
}
