using Microsoft.Extensions.AI;
using Pipeline.Agents.Connecting;
using Pipeline.Agents.ModelClients;
using static Pipeline.Agents.Tests.ModelClients.ScriptedChatClient;

namespace Pipeline.Agents.Tests.ModelClients;

public sealed class ConversationTests
{
    private static readonly AIFunction Add = AIFunctionFactory.Create((int a, int b) => a + b, "add");

    [Fact]
    public async Task Every_exchange_is_taken_down_once_with_calls_results_and_pictures()
    {
        var conversation = new Conversation();
        using var model = new RecordingChatClient(new ScriptedChatClient(Calls("add", new() { ["a"] = 2, ["b"] = 3 }), Says("five")), conversation, 1_000);
        var asked = new ChatMessage(ChatRole.User, [new TextContent(new string('x', 5_000)), new DataContent(new byte[] { 1, 2, 3 }, "image/png")]);

        await new ChatAgent("director", "Add things.\nMore words.", new ChatKernel(model, [Add])).AskAsync([asked], null, default);

        var document = conversation.Document("scripted");
        var turns = document.Objects("turns").ToList();
        Assert.Equal(("scripted", 20, 2), (document.Text("model"), document.Whole("tokens"), turns.Count));
        Assert.Equal(("Add things.", "add"), (turns[0].Text("task"), turns[0].Texts("functions").Single()));
        var first = Assert.Single(turns[0].Objects("asked"));
        Assert.EndsWith("[1000 more characters]", first.Texts("text").Single(), StringComparison.Ordinal);
        Assert.Equal(3, first.Objects("pictures").Single().Whole("size_bytes"));
        Assert.Equal("add", turns[0].Objects("answered").Single().Objects("calls").Single().Text("function"));
        Assert.Equal("5", Assert.Single(turns[1].Objects("asked")).Texts("results").Single());
        Assert.Equal("five", turns[1].Objects("answered").Single().Texts("text").Single());
    }

    [Fact]
    public async Task A_conversation_goes_on_after_a_restart_and_so_does_its_bound()
    {
        var before = new Conversation();
        using var first = new RecordingChatClient(new ScriptedChatClient(Says("yes", tokens: 80)), before, 100);
        await first.GetResponseAsync("go");
        var after = new Conversation(before.Document("scripted"));
        using var second = new RecordingChatClient(new ScriptedChatClient(Says("yes", tokens: 80)), after, 100);

        await second.GetResponseAsync("go");

        Assert.Equal((2, 160), (after.Turns, after.Tokens));
        await Assert.ThrowsAsync<SpendLimitReached>(() => second.GetResponseAsync("go"));
    }
}
