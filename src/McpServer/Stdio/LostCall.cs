using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Pipeline.McpServer.Stdio;

/// <summary>
/// The answer to a request whose owner died: for a tool call a result an agent can act on, for anything else a protocol error. Both carry
/// <c>{code, message, facts, retry_after_seconds}</c>. The call may have had its effect, which is what idempotency keys are for.
/// </summary>
internal static class LostCall
{
    /// <summary>The owner died while it worked on the call.</summary>
    public const string OwnerLost = "owner_lost";

    /// <summary>No owner could be reached at all.</summary>
    public const string OwnerUnavailable = "owner_unavailable";

    private const int InternalError = -32603;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlySequence<byte> Answer(Conversation.Request request, bool legacy, string code, string message)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WritePropertyName("id"u8);
            writer.WriteRawValue(request.Id);
            if (request.Method == "tools/call")
            {
                WriteResult(writer, legacy, code, message);
            }
            else
            {
                WriteError(writer, code, message);
            }

            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return new ReadOnlySequence<byte>(buffer.WrittenMemory);
    }

    private static void WriteResult(Utf8JsonWriter writer, bool legacy, string code, string message)
    {
        var facts = Facts(code, message);
        writer.WriteStartObject("result"u8);
        if (!legacy)
        {
            writer.WriteString("resultType"u8, "complete"u8);
        }

        writer.WriteBoolean("isError"u8, true);
        writer.WriteStartArray("content"u8);
        writer.WriteStartObject();
        writer.WriteString("type"u8, "text"u8);
        writer.WriteString("text"u8, facts);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WritePropertyName("structuredContent"u8);
        writer.WriteRawValue(facts);
        writer.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter writer, string code, string message)
    {
        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, InternalError);
        writer.WriteString("message"u8, message);
        writer.WritePropertyName("data"u8);
        writer.WriteRawValue(Facts(code, message));
        writer.WriteEndObject();
    }

    private static string Facts(string code, string message)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            writer.WriteStartObject();
            writer.WriteString("code"u8, code);
            writer.WriteString("message"u8, message);
            writer.WriteStartObject("facts"u8);
            writer.WriteEndObject();
            writer.WriteNumber("retry_after_seconds"u8, 1);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
