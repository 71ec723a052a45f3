using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pipeline.Faults.Disks;

/// <summary>What SQLite calls on an open file: judged, done by the real file, written down.</summary>
internal static unsafe class FileCalls
{
    private const int Ok = 0;
    private const int IoError = 10;
    private const int Full = 13;
    private const int ReadFailed = IoError | (1 << 8);
    private const int WriteFailed = IoError | (3 << 8);
    private const int SyncFailed = IoError | (4 << 8);
    private const int TruncateFailed = IoError | (6 << 8);

    /// <summary>The table of these methods, in memory that stays where it is.</summary>
    public static readonly NativeMethods* Methods = Make();

    private static NativeMethods* Make()
    {
        var methods = (NativeMethods*)NativeMemory.AllocZeroed((nuint)sizeof(NativeMethods));
        methods->Version = 2;
        methods->Close = &Close;
        methods->Read = &Read;
        methods->Write = &Write;
        methods->Truncate = &Truncate;
        methods->Sync = &Sync;
        methods->FileSize = &FileSize;
        methods->Lock = &Lock;
        methods->Unlock = &Unlock;
        methods->CheckReservedLock = &CheckReservedLock;
        methods->FileControl = &FileControl;
        methods->SectorSize = &SectorSize;
        methods->DeviceCharacteristics = &DeviceCharacteristics;
        methods->ShmMap = &ShmMap;
        methods->ShmLock = &ShmLock;
        methods->ShmBarrier = &ShmBarrier;
        methods->ShmUnmap = &ShmUnmap;
        return methods;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Close(NativeFile* file)
    {
        GCHandle.FromIntPtr(file->Handle).Free();
        file->Methods = null;
        var real = NativeFile.Real(file);
        return real->Methods->Close(real);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(NativeFile* file, byte* buffer, int length, long offset)
    {
        var real = NativeFile.Real(file);
        return NativeFile.Of(file).Disk.Judge(DiskOperation.Read) is not null ? ReadFailed : real->Methods->Read(real, buffer, length, offset);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(NativeFile* file, byte* buffer, int length, long offset)
    {
        var ours = NativeFile.Of(file);
        var real = NativeFile.Real(file);
        var grows = SizeOf(real) < offset + length;
        var failure = ours.Disk.Judge(DiskOperation.Write, grows);
        var written = failure switch
        {
            null => length,
            DiskFailure.Short => length / 2,
            _ => 0,
        };
        var result = written == 0 ? Ok : real->Methods->Write(real, buffer, written, offset);
        if (result == Ok && written > 0)
        {
            ours.Disk.Log?.Write(ours.Path, offset, new ReadOnlySpan<byte>(buffer, written));
        }

        return failure switch
        {
            null => result,
            DiskFailure.Lost => Ok,
            DiskFailure.Broken => WriteFailed,
            _ => Full,
        };
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Truncate(NativeFile* file, long size)
    {
        var ours = NativeFile.Of(file);
        var real = NativeFile.Real(file);
        if (ours.Disk.Judge(DiskOperation.Truncate, SizeOf(real) < size) is not null)
        {
            return TruncateFailed;
        }

        var result = real->Methods->Truncate(real, size);
        if (result == Ok)
        {
            ours.Disk.Log?.Truncate(ours.Path, size);
        }

        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Sync(NativeFile* file, int flags)
    {
        var ours = NativeFile.Of(file);
        var real = NativeFile.Real(file);
        ours.Disk.Dawdle();
        if (ours.Disk.Judge(DiskOperation.Sync) is not null)
        {
            return SyncFailed;
        }

        if (ours.Disk.Syncs == SyncMode.Dropped)
        {
            return Ok;
        }

        var result = ours.Disk.Syncs == SyncMode.Real ? real->Methods->Sync(real, flags) : Ok;
        if (result == Ok)
        {
            ours.Disk.Log?.Sync(ours.Path, ours.TakeFolderFlush());
        }

        return result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileSize(NativeFile* file, long* size) => NativeFile.Real(file)->Methods->FileSize(NativeFile.Real(file), size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Lock(NativeFile* file, int level) => NativeFile.Real(file)->Methods->Lock(NativeFile.Real(file), level);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Unlock(NativeFile* file, int level) => NativeFile.Real(file)->Methods->Unlock(NativeFile.Real(file), level);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CheckReservedLock(NativeFile* file, int* held) => NativeFile.Real(file)->Methods->CheckReservedLock(NativeFile.Real(file), held);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int FileControl(NativeFile* file, int what, void* argument) => NativeFile.Real(file)->Methods->FileControl(NativeFile.Real(file), what, argument);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SectorSize(NativeFile* file) => NativeFile.Real(file)->Methods->SectorSize(NativeFile.Real(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int DeviceCharacteristics(NativeFile* file) => NativeFile.Real(file)->Methods->DeviceCharacteristics(NativeFile.Real(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ShmMap(NativeFile* file, int region, int bytes, int extend, void** memory) =>
        NativeFile.Real(file)->Methods->ShmMap(NativeFile.Real(file), region, bytes, extend, memory);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ShmLock(NativeFile* file, int offset, int count, int flags) =>
        NativeFile.Real(file)->Methods->ShmLock(NativeFile.Real(file), offset, count, flags);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ShmBarrier(NativeFile* file) => NativeFile.Real(file)->Methods->ShmBarrier(NativeFile.Real(file));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ShmUnmap(NativeFile* file, int delete) => NativeFile.Real(file)->Methods->ShmUnmap(NativeFile.Real(file), delete);

    private static long SizeOf(NativeFile* real)
    {
        long size = 0;
        return real->Methods->FileSize(real, &size) == Ok ? size : 0;
    }
}
