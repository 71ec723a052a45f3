using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Pipeline.Agents.ModelClients;

/// <summary>
/// Everything that was said between a program and a model, as a document for people: who said what, which functions were called with
/// what and what they gave, which pictures were looked at (by their hash), how much it took.
/// </summary>
/// <param name="before">The document of an earlier process that this one goes on with; null to begin.</param>
public sealed class Conversation(JsonObject? before = null)
{
    private const int LongestText = 4_000;

    private readonly Lock _gate = new();
    private readonly JsonArray _turns = before?["turns"]?.DeepClone() as JsonArray ?? [];
    private long _tokens = before?["tokens"]?.GetValue<long>() ?? 0;
    private IReadOnlyList<ChatMessage> _known = [];

    /// <summary>Tokens in and out, of every process that took part.</summary>
    public long Tokens
    {
        get
        {
            lock (_gate) return _tokens;
        }
    }

    /// <summary>How often a model was asked.</summary>
    public int Turns
    {
        get
        {
            lock (_gate) return _turns.Count;
        }
    }

    /// <summary>Takes one exchange down. Messages that the model was shown in the exchange before are not said again.</summary>
    public void Add(IReadOnlyList<ChatMessage> asked, ChatOptions? options, ChatResponse answer)
    {
        lock (_gate)
        {
            var shared = asked.Zip(_known, ReferenceEquals).TakeWhile(same => same).Count();
            var turn = new JsonObject
            {
                ["task"] = options?.Instructions?.Split('\n')[0],
                ["functions"] = options?.Tools is { Count: > 0 } tools ? new JsonArray([.. tools.Select(tool => (JsonNode?)tool.Name)]) : null,
                ["asked"] = new JsonArray([.. asked.Skip(shared).Where(message => message.Role != ChatRole.Assistant).Select(Written)]),
                ["answered"] = new JsonArray([.. answer.Messages.Select(Written)]),
            };
            foreach (var empty in turn.Where(member => member.Value is null).Select(member => member.Key).ToList()) turn.Remove(empty);
            _turns.Add(turn);
            _known = asked;
            _tokens += answer.Usage?.TotalTokenCount ?? (answer.Usage?.InputTokenCount ?? 0) + (answer.Usage?.OutputTokenCount ?? 0);
        }
    }

    /// <summary>The whole of it.</summary>
    public JsonObject Document(string model)
    {
        lock (_gate) return new JsonObject { ["model"] = model, ["tokens"] = _tokens, ["turns"] = _turns.DeepClone() };
    }

    private static JsonObject Written(ChatMessage message)
    {
        var written = new JsonObject { ["role"] = message.Role.Value };
        foreach (var content in message.Contents)
        {
            var (name, value) = Written(content);
            if (value is null) continue;
            if (written[name] is not JsonArray list) written[name] = list = [];
            list.Add(value);
        }

        return written;
    }

    private static (string Name, JsonNode? Value) Written(AIContent content) => content switch
    {
        TextContent text => ("text", Short(text.Text)),
        FunctionCallContent call => ("calls", new JsonObject { ["function"] = call.Name, ["arguments"] = JsonSerializer.SerializeToNode(call.Arguments) }),
        FunctionResultContent result => ("results", Short(result.Result as string ?? JsonSerializer.Serialize(result.Result))),
        DataContent data => ("pictures", new JsonObject { ["media_type"] = data.MediaType, ["size_bytes"] = data.Data.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(data.Data.Span)) }),
        _ => ("other", null),
    };

    private static string Short(string text) => text.Length <= LongestText ? text : $"{text[..LongestText]} [{text.Length - LongestText} more characters]";
}
