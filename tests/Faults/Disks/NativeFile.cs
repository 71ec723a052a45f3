using System.Runtime.InteropServices;

namespace Pipeline.Faults.Disks;

/// <summary>SQLite's <c>sqlite3_file</c>: every kind of file begins with its methods. Ours goes on with a handle, and the real file lies behind it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeFile
{
    /// <summary>What stands before the real file, in bytes.</summary>
    public const int HeaderBytes = 16;

    public NativeMethods* Methods;

    /// <summary>A handle of the <see cref="FaultyFile"/>; only there when the methods are ours.</summary>
    public nint Handle;

    public static NativeFile* Real(NativeFile* file) => (NativeFile*)((byte*)file + HeaderBytes);

    public static FaultyFile Of(NativeFile* file) => (FaultyFile)GCHandle.FromIntPtr(file->Handle).Target!;
}
