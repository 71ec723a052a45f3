using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pipeline.Faults.Disks;

/// <summary>The layer between SQLite and its default file layer: files under a <see cref="FaultyDisk"/> get our methods, all others their own.</summary>
internal static unsafe partial class SqliteLayer
{
    private const int Ok = 0;
    private const int CannotOpen = 14;
    private const int Full = 13;
    private const int DeleteFailed = 10 | (10 << 8);
    private const int OpenCreate = 0x4;
    private const int Journals = 0x800 | 0x4000 | 0x80000; // main journal, super-journal, write-ahead log

    private static readonly Lock Registering = new();
    private static NativeVfs* _real;
    private static NativeVfs* _ours;

    /// <summary>Becomes the process's default file layer; once.</summary>
    public static void Register()
    {
        lock (Registering)
        {
            if (_ours is not null)
            {
                return;
            }

            _real = Find(null);
            _ours = (NativeVfs*)NativeMemory.AllocZeroed((nuint)sizeof(NativeVfs));
            *_ours = *_real;
            _ours->Version = Math.Min(_real->Version, 3);
            _ours->FileBytes = _real->FileBytes + NativeFile.HeaderBytes;
            _ours->Name = (byte*)Marshal.StringToCoTaskMemUTF8("faulty");
            _ours->Next = null;
            _ours->Open = &Open;
            _ours->Delete = &Delete;
            if (Add(_ours, 1) != Ok)
            {
                throw new InvalidOperationException("SQLite refused the file layer.");
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Open(NativeVfs* vfs, byte* name, NativeFile* file, int flags, int* outFlags)
    {
        var path = Marshal.PtrToStringUTF8((nint)name);
        if (path is null || FaultyDisk.Of(path) is not { } disk)
        {
            return _real->Open(_real, name, file, flags, outFlags);
        }

        file->Methods = null;
        var isNew = (flags & OpenCreate) != 0 && !File.Exists(path);
        if (disk.Judge(DiskOperation.Open, isNew) is { } failure)
        {
            return failure == DiskFailure.Broken ? CannotOpen : Full;
        }

        var result = _real->Open(_real, name, NativeFile.Real(file), flags, outFlags);
        if (result != Ok)
        {
            return result;
        }

        if (isNew)
        {
            disk.Log?.Create(path);
        }
        else
        {
            disk.Log?.Find(path);
        }

        file->Methods = FileCalls.Methods;
        file->Handle = GCHandle.ToIntPtr(GCHandle.Alloc(new FaultyFile(disk, path, isNew && (flags & Journals) != 0)));
        return Ok;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Delete(NativeVfs* vfs, byte* name, int syncFolder)
    {
        var path = Marshal.PtrToStringUTF8((nint)name);
        if (path is null || FaultyDisk.Of(path) is not { } disk)
        {
            return _real->Delete(_real, name, syncFolder);
        }

        if (disk.Judge(DiskOperation.Delete) is not null)
        {
            return DeleteFailed;
        }

        var result = _real->Delete(_real, name, disk.Syncs == SyncMode.Real ? syncFolder : 0);
        if (result == Ok)
        {
            disk.Log?.Delete(path, durable: syncFolder != 0 && disk.Syncs != SyncMode.Dropped);
        }

        return result;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_find", StringMarshalling = StringMarshalling.Utf8)]
    private static partial NativeVfs* Find(string? name);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_vfs_register")]
    private static partial int Add(NativeVfs* vfs, int makeDefault);
}
