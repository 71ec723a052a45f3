using System.Runtime.InteropServices;

namespace Pipeline.Storage.Tests.State;

/// <summary>While this lives, an open file of this process takes every write and fails every flush: /dev/null stands behind its descriptors.</summary>
internal sealed partial class BrokenFlush : IDisposable
{
    private readonly List<(int Descriptor, int Kept)> _broken = [];

    public BrokenFlush(string file)
    {
        using var nothing = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.ReadWrite);
        foreach (var link in Directory.GetFileSystemEntries("/proc/self/fd").Where(link => new FileInfo(link).LinkTarget == file))
        {
            var descriptor = int.Parse(Path.GetFileName(link), null);
            _broken.Add((descriptor, Duplicate(descriptor)));
            Assert.Equal(descriptor, Replace(nothing.DangerousGetHandle().ToInt32(), descriptor));
        }

        Assert.NotEmpty(_broken);
    }

    public void Dispose()
    {
        foreach (var (descriptor, kept) in _broken)
        {
            _ = Replace(kept, descriptor);
            _ = Close(kept);
        }
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(int descriptor);

    [LibraryImport("libc", EntryPoint = "dup2", SetLastError = true)]
    private static partial int Replace(int from, int to);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
