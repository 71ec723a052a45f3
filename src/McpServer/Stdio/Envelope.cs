using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Pipeline.McpServer.Stdio;

/// <summary>What a relay needs to know of a JSON-RPC line: its id and its method. The rest is skipped, never built.</summary>
/// <param name="Id">The id as it stands in the line, quotes included; null when there is none.</param>
/// <param name="Method">The method; null in an answer.</param>
public readonly record struct Envelope(string? Id, string? Method)
{
    /// <summary>A message that awaits an answer.</summary>
    public bool IsRequest => Id is not null && Method is not null;

    /// <summary>The answer to a request.</summary>
    public bool IsAnswer => Id is not null && Method is null;

    /// <summary>Reads a line; one that is no JSON object has neither id nor method.</summary>
    public static Envelope Read(in ReadOnlySequence<byte> line)
    {
        string? id = null;
        string? method = null;
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = 1000 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return default;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("id"u8);
                var isMethod = reader.ValueTextEquals("method"u8);
                reader.Read();
                if (isId && reader.TokenType is (JsonTokenType.String or JsonTokenType.Number))
                {
                    id = Encoding.UTF8.GetString(line.Slice(reader.TokenStartIndex, reader.BytesConsumed - reader.TokenStartIndex));
                }
                else if (isMethod && reader.TokenType == JsonTokenType.String)
                {
                    method = reader.GetString();
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            return default;
        }

        return new Envelope(id, method);
    }
}
