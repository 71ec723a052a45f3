using System.Net.Http.Headers;
using Pipeline.Agents.Connecting;

namespace Pipeline.McpServer.Demo;

/// <summary>Brings footage and transcript to the server: by its path where the server may read it, else as an upload.</summary>
internal sealed class Footage(Connection connection, DemoOptions options)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private const long MostTranscriptBytes = 4 << 20;

    /// <summary>The assets, as <c>workspace/path</c>.</summary>
    /// <param name="note">Whose footage.</param>
    /// <param name="server">Where uploads go.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<(string Source, string? Transcript)> BringAsync(DemoNote note, Uri server, CancellationToken cancellation)
    {
        await connection.ChangeAsync("create_workspace", new { workspace = note.Workspace }, $"{note.Production}/workspace", cancellation).ConfigureAwait(false);
        var source = $"{note.Workspace}/footage/{Plain(note.Input)}";
        try
        {
            await (options.Server is null ? ImportAsync(note, source, cancellation) : UploadAsync(note, source, server, cancellation)).ConfigureAwait(false);
        }
        catch (ToolRefused refusal) when (refusal is { Code: "path_refused", Tool: "import_asset" })
        {
            // Some folders, such as the home directory, are never opened to a server; its bytes are sent instead.
            await UploadAsync(note, source, server, cancellation).ConfigureAwait(false);
        }

        if (note.Transcript is not { } file)
        {
            return (source, null);
        }

        if (new FileInfo(file).Length > MostTranscriptBytes)
        {
            throw new DemoFailedException($"{file} is longer than {MostTranscriptBytes} bytes; a transcript is WebVTT, SRT or Whisper JSON.");
        }

        var transcript = $"{note.Workspace}/transcripts/{Plain(file)}";
        var text = await File.ReadAllTextAsync(file, cancellation).ConfigureAwait(false);
        await connection.ChangeAsync("put_asset", new { asset = transcript, text }, $"{note.Production}/transcript", cancellation).ConfigureAwait(false);
        return (source, transcript);
    }

    private Task ImportAsync(DemoNote note, string asset, CancellationToken cancellation) =>
        connection.ChangeAsync("import_asset", new { asset, path = note.Input }, $"{note.Production}/import", cancellation);

    private async Task UploadAsync(DemoNote note, string asset, Uri server, CancellationToken cancellation)
    {
        var bytes = File.OpenRead(note.Input);
        await using (bytes.ConfigureAwait(false))
        {
            var (intent, length) = (Intent.New("upload"), bytes.Length);
            var ticket = await connection.ChangeAsync("create_upload", new { asset, size_bytes = length }, intent, cancellation).ConfigureAwait(false);
            var isDirect = ticket["server_url"] is not null;
            using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
            using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(server, ticket.Text("url"))) { Content = new StreamContent(bytes) };
            request.Content.Headers.ContentLength = length;
            foreach (var (name, value) in ticket["headers"]?.AsObject() ?? [])
            {
                request.Headers.TryAddWithoutValidation(name, (string?)value);
            }

            if (!isDirect && !string.IsNullOrEmpty(options.Key)) // the key is for our server alone
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
            }

            using var response = await http.SendAsync(request, cancellation).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                throw new DemoFailedException($"The upload of {note.Input} was refused: {await response.Content.ReadAsStringAsync(cancellation).ConfigureAwait(false)}");
            }

            while (isDirect && ticket["written"] is null)
            {
                await Task.Delay(Look, cancellation).ConfigureAwait(false);
                ticket = await connection.ChangeAsync("create_upload", new { asset, size_bytes = length }, intent, cancellation).ConfigureAwait(false);
                if (ticket["refused"]?.AsObject() is { } refused)
                {
                    throw new DemoFailedException($"The upload of {note.Input} was refused: {refused.Text("message")}");
                }
            }
        }
    }

    // A file's name as an asset's: letters, digits and a few marks, so that any name on disk will do.
    private static string Plain(string file)
    {
        var plain = string.Concat(Path.GetFileName(file).Normalize().Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '-')).Trim('.', '-');
        return plain.Length is 0 ? "film" : plain.Length > 100 ? plain[^100..] : plain;
    }
}
