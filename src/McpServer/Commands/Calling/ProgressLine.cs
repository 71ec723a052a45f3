using ModelContextProtocol;

namespace Pipeline.McpServer.Commands.Calling;

/// <summary>One line at a terminal that tells how far a call is; nothing where nobody looks.</summary>
internal sealed class ProgressLine : IProgress<ProgressNotificationValue>, IDisposable
{
    private readonly bool _shown = !Console.IsErrorRedirected;
    private int _width;

    public void Report(ProgressNotificationValue value)
    {
        if (_shown)
        {
            var share = value.Total is > 0 and { } total ? $"{value.Progress / total:P0}" : $"{value.Progress:0.#}";
            Write($"{share} {value.Message}");
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (_width > 0)
        {
            Write("");
            Console.Error.Write('\r');
        }
    }

    private void Write(string line)
    {
        Console.Error.Write('\r' + line.PadRight(_width));
        _width = line.Length;
    }
}
