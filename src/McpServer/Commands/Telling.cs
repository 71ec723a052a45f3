namespace Pipeline.McpServer.Commands;

/// <summary>Tells at once and in order, on the thread that reports.</summary>
internal sealed class Telling<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}
