namespace Pipeline.Storage.Objects;

/// <summary>A local path to an object's bytes, valid until disposed. Never write to it.</summary>
public sealed class LocalObject(string path, Action? release = null) : IDisposable
{
    public string Path { get; } = path;

    public void Dispose() => release?.Invoke();
}
