using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Pipeline.McpServer.Commands.Calling;

/// <summary>Shows what a call gave: its structured result, or why it was refused; pictures and sound go to files.</summary>
internal static class CallAnswer
{
    /// <summary>Writes it and gives the exit code.</summary>
    /// <param name="result">What came.</param>
    /// <param name="json">Whether standard output is for a program: then a refusal is printed there too.</param>
    /// <param name="destination">A file, or a folder when it exists or ends in a slash; null to leave pictures out.</param>
    /// <param name="cancellation">Ends an unfinished write.</param>
    public static async Task<int> ShowAsync(CallToolResult result, bool json, string? destination, CancellationToken cancellation)
    {
        if (result.IsError == true)
        {
            Refuse(result, json);
            return 1;
        }

        if (result.StructuredContent is { } structured)
        {
            Terminal.WriteJson(structured, json);
        }
        else
        {
            foreach (var text in result.Content.OfType<TextContentBlock>())
            {
                Console.Out.WriteLine(text.Text);
            }
        }

        await SaveAsync(result, destination, cancellation).ConfigureAwait(false);
        return 0;
    }

    private static void Refuse(CallToolResult result, bool json)
    {
        if (result.StructuredContent is not { } error)
        {
            Terminal.Say(string.Join('\n', result.Content.OfType<TextContentBlock>().Select(text => text.Text)));
            return;
        }

        if (json)
        {
            Terminal.WriteJson(error, compact: true);
            return;
        }

        Terminal.Say($"{Text(error, "code")}: {Text(error, "message")}");
        foreach (var more in new[] { "facts", "retry_after_seconds", "next" })
        {
            if (error.TryGetProperty(more, out var value))
            {
                Terminal.Say($"  {more}: {(value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText())}");
            }
        }
    }

    private static string Text(JsonElement error, string name) => error.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static async Task SaveAsync(CallToolResult result, string? destination, CancellationToken cancellation)
    {
        var media = result.Content.Select(Media).OfType<(string Type, ReadOnlyMemory<byte> Bytes)>().ToList();
        if (media.Count == 0 || destination is null)
        {
            if (media.Count > 0)
            {
                Terminal.Say($"{media.Count} picture(s) came with it; --out FILE or FOLDER/ keeps them.");
            }

            return;
        }

        var folder = media.Count > 1 || Directory.Exists(destination) || Path.EndsInDirectorySeparator(destination);
        for (var at = 0; at < media.Count; at++)
        {
            var file = folder ? Path.Combine(destination, $"{at + 1:00}.{Ending(media[at].Type)}") : destination;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            await File.WriteAllBytesAsync(file, media[at].Bytes, cancellation).ConfigureAwait(false);
            Terminal.Say($"saved {file}");
        }
    }

    private static (string Type, ReadOnlyMemory<byte> Bytes)? Media(ContentBlock block) => block switch
    {
        ImageContentBlock image => (image.MimeType, image.DecodedData),
        AudioContentBlock audio => (audio.MimeType, audio.DecodedData),
        _ => null,
    };

    private static string Ending(string mediaType) => mediaType switch
    {
        "image/jpeg" => "jpg",
        "audio/mpeg" => "mp3",
        _ => mediaType[(mediaType.IndexOf('/', StringComparison.Ordinal) + 1)..],
    };
}
