namespace Pipeline.McpServer.Moving;

/// <summary>A small file that is there whole or not at all.</summary>
internal static class DurableFile
{
    /// <summary>Writes and flushes it, then gives it its name.</summary>
    public static void Write(string file, string text)
    {
        var fresh = file + ".new";
        using (var stream = new FileStream(fresh, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(fresh, file, overwrite: true);
    }
}
