using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Pipeline.Agents.ModelClients;

namespace Pipeline.Agents.Tests.ModelClients;

public sealed class OpenAIChatClientTests
{
    private const string Says = """{"id":"c2","object":"chat.completion","created":1,"model":"small","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"five"}}],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}""";
    private const string Calls = """{"id":"c1","object":"chat.completion","created":1,"model":"small","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"add","arguments":"{\"a\":2,\"b\":3}"}}]}}],"usage":{"prompt_tokens":5,"completion_tokens":5,"total_tokens":10}}""";
    private const string CallsBadly = """{"id":"c1","object":"chat.completion","created":1,"model":"small","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"add","arguments":"{a:"}}]}}]}""";

    [Fact]
    public async Task A_conversation_with_tools_and_a_picture_goes_over_the_wire_and_back()
    {
        using var endpoint = new Endpoint(Calls, Says);
        var model = ChatModels.From(null, "key", endpoint.Url.ToString(), "small")!;
        var agent = new ChatAgent("director", "Count.", new ChatKernel(model.Client, [AIFunctionFactory.Create((int a, int b) => a + b, "add")]));

        var said = await agent.AskAsync([new ChatMessage(ChatRole.User, [new TextContent("2 + 3?"), new DataContent(new byte[] { 1, 2, 3 }, "image/png")])], new ChatOptions { ResponseFormat = ChatResponseFormat.Json }, default);

        Assert.Equal(("small", "five"), (model.Name, said));
        var (first, second) = (JsonNode.Parse(endpoint.Received[0].Body)!, JsonNode.Parse(endpoint.Received[1].Body)!);
        Assert.Equal("Count.", first["messages"]![0]!["content"]!.GetValue<string>());
        Assert.StartsWith("data:image/png;base64,", first["messages"]![1]!["content"]![1]!["image_url"]!["url"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("add", first["tools"]![0]!["function"]!["name"]!.GetValue<string>());
        Assert.Equal("json_object", first["response_format"]!["type"]!.GetValue<string>());
        Assert.Equal(("tool", "t1", "5"), (second["messages"]![3]!["role"]!.GetValue<string>(), second["messages"]![3]!["tool_call_id"]!.GetValue<string>(), second["messages"]![3]!["content"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Arguments_that_are_no_JSON_go_back_to_the_model()
    {
        using var endpoint = new Endpoint(CallsBadly, Says);
        var model = ChatModels.From(null, null, endpoint.Url.ToString(), "small")!;

        await new FunctionCallingChatClient(model.Client).GetResponseAsync("go", new ChatOptions { Tools = [AIFunctionFactory.Create((int a, int b) => a + b, "add")] });

        Assert.Contains("invalid_arguments", endpoint.Received[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_key_or_an_address_there_is_no_model()
    {
        Assert.Null(ChatModels.From(null, "", null, "anything"));
        Assert.NotNull(ChatModels.From("key", null, null, null));
        Assert.Equal("mine", ChatModels.From("key", "other", "http://127.0.0.1:1/v1", "mine")!.Name);
    }
}
