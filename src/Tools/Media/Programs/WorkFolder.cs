namespace Pipeline.Tools.Media.Programs;

/// <summary>A job's own folder: the only place its programs may write. Gone when disposed.</summary>
public sealed class WorkFolder : IDisposable
{
    private long _spent;

    private WorkFolder(string path) => Path = path;

    /// <summary>How long programs have run for this job in all.</summary>
    public TimeSpan Spent => TimeSpan.FromTicks(Interlocked.Read(ref _spent));

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Creates a folder with this name, which must be new, under the parent.</summary>
    public static WorkFolder Create(string parent, string name)
    {
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(parent, name));
        if (Directory.Exists(path))
        {
            throw new IOException("The job's folder exists already.");
        }

        Directory.CreateDirectory(path);
        return new WorkFolder(path);
    }

    /// <summary>The absolute path of a plain file name in this folder.</summary>
    public string File(string name) => name == System.IO.Path.GetFileName(name)
        ? System.IO.Path.Combine(Path, name)
        : throw new ArgumentException("A plain file name is needed.", nameof(name));

    internal void Spend(TimeSpan time) => Interlocked.Add(ref _spent, time.Ticks);

    /// <summary>Bytes of all files in the folder now.</summary>
    public long SizeBytes() => new DirectoryInfo(Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
