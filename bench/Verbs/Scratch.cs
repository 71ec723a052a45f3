namespace Pipeline.Bench.Verbs;

/// <summary>A folder on the disk where data would lie, gone afterwards. Not under /tmp, which may be memory.</summary>
internal sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateDirectory(System.IO.Path.Combine(AppContext.BaseDirectory, "scratch", System.IO.Path.GetRandomFileName())).FullName;

    public string Folder(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
