using Microsoft.Extensions.AI;
using Pipeline.Agents.ModelClients;
using static Pipeline.Agents.Tests.ModelClients.ScriptedChatClient;

namespace Pipeline.Agents.Tests.ModelClients;

public sealed class FunctionCallingChatClientTests
{
    private static readonly AIFunction Add = AIFunctionFactory.Create((int a, int b) => a + b, "add");
    private static readonly AIFunction Fail = AIFunctionFactory.Create(string () => throw new InvalidOperationException("out of order"), "fail");

    [Fact]
    public async Task What_the_model_calls_is_invoked_and_the_result_goes_back_to_it()
    {
        using var model = new ScriptedChatClient(Calls("add", new() { ["a"] = 2, ["b"] = 3 }), Says("five"));

        var response = await new FunctionCallingChatClient(model).GetResponseAsync("2 + 3?", new ChatOptions { Tools = [Add] });

        Assert.Equal("five", response.Messages[^1].Text);
        var result = Assert.Single(model.Asked[1].Messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>());
        Assert.Equal(("call-add", "5"), (result.CallId, result.Result?.ToString()));
        Assert.Equal(20, response.Usage!.TotalTokenCount);
        Assert.Equal(3, response.Messages.Count);
    }

    [Theory]
    [InlineData("fail", "out of order")]
    [InlineData("nowhere", "There is no function 'nowhere'.")]
    public async Task A_fault_is_an_answer_to_the_model(string function, string message)
    {
        using var model = new ScriptedChatClient(Calls(function, []), Says("sorry"));

        await new FunctionCallingChatClient(model).GetResponseAsync("go", new ChatOptions { Tools = [Fail] });

        var result = model.Asked[1].Messages.SelectMany(one => one.Contents).OfType<FunctionResultContent>().Single();
        Assert.Contains(message, System.Text.Json.JsonSerializer.Serialize(result.Result, System.Text.Json.JsonSerializerOptions.Web).Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_that_never_stops_calling_is_stopped_and_gets_no_tools_on_its_last_turn()
    {
        using var model = new ScriptedChatClient(Calls("add", new() { ["a"] = 1, ["b"] = 1 }));

        await new FunctionCallingChatClient(model, new FunctionCallingOptions { MaxTurns = 4 }).GetResponseAsync("go", new ChatOptions { Tools = [Add] });

        Assert.Equal(4, model.Asked.Count);
        Assert.NotNull(model.Asked[2].Options!.Tools);
        Assert.Null(model.Asked[3].Options!.Tools);
    }

    [Fact]
    public async Task No_turn_begins_beyond_the_spend_limit()
    {
        using var model = new ScriptedChatClient(Calls("add", new() { ["a"] = 1, ["b"] = 1 }, tokens: 600));

        var failure = await Assert.ThrowsAsync<SpendLimitReached>(() =>
            new FunctionCallingChatClient(model, new FunctionCallingOptions { MaxTokens = 1_000 }).GetResponseAsync("go", new ChatOptions { Tools = [Add] }));

        Assert.Equal(1_200, failure.Used);
        Assert.Equal(2, model.Asked.Count);
    }

    [Fact]
    public async Task A_long_result_is_cut()
    {
        var chatty = AIFunctionFactory.Create(() => new string('x', 5_000), "chatty");
        using var model = new ScriptedChatClient(Calls("chatty", []), Says("ok"));

        await new FunctionCallingChatClient(model, new FunctionCallingOptions { MaxResultCharacters = 100 }).GetResponseAsync("go", new ChatOptions { Tools = [chatty] });

        var result = model.Asked[1].Messages.SelectMany(one => one.Contents).OfType<FunctionResultContent>().Single();
        Assert.True(result.Result!.ToString()!.Length < 250);
    }

    [Fact]
    public async Task Cancelling_ends_the_loop()
    {
        using var stop = new CancellationTokenSource();
        var cancels = AIFunctionFactory.Create(async (CancellationToken ct) => { await stop.CancelAsync(); ct.ThrowIfCancellationRequested(); }, "cancels");
        using var model = new ScriptedChatClient(Calls("cancels", []));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new FunctionCallingChatClient(model).GetResponseAsync([new(ChatRole.User, "go")], new ChatOptions { Tools = [cancels] }, stop.Token));
        Assert.Single(model.Asked);
    }
}
