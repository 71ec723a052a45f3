using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Plans;

/// <summary>One way to write a JSON document: members sorted by name, no blanks, numbers as they were written.</summary>
public static class CanonicalJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="InvalidArgumentError">A name stands twice in one object.</exception>
    public static string Of(JsonElement document)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, Plain))
        {
            Write(writer, document);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The same for the members of an object.</summary>
    public static string Of(IReadOnlyDictionary<string, JsonElement> members) => Of(JsonSerializer.SerializeToElement(members));

    /// <summary>The SHA-256 of a text's UTF-8 bytes, hexadecimal.</summary>
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                string? before = null;
                foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    // A name that stands twice would mean what the next reader makes of it.
                    if (member.Name == before) throw new InvalidArgumentError(member.Name, $"'{member.Name}' stands twice in one object.");
                    writer.WritePropertyName(before = member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(element.GetRawText());
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
