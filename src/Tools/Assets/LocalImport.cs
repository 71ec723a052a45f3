using ModelContextProtocol;
using Pipeline.Storage;
using Pipeline.Storage.Objects;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>Brings in a file of the server's machine. What was opened is judged, not what its name was a moment before.</summary>
internal sealed class LocalImport(IObjectStore objects, DataFolder data)
{
    private const string Setting = "PIPELINE_IMPORT_ROOTS";

    public async Task<Imported> ReadAsync(Caller caller, string path, long maxBytes, IProgress<ProgressNotificationValue> progress, CancellationToken cancellation)
    {
        var roots = new AllowedRoots(caller.ImportRoots, Setting, data);
        var full = roots.CheckWritten(path);
        using var handle = OpenedFile.TryOpen(full) ?? throw new NotFoundError("file", path);
        roots.CheckOpened(path, OpenedFile.RealPath(handle, full));
        if (!OpenedFile.IsPlainFile(handle))
        {
            throw new PathRefusedError(path, "is not a plain file", Setting);
        }

        var file = new FileStream(handle, FileAccess.Read, 1);
        await using (file.ConfigureAwait(false))
        {
            if (file.Length > maxBytes)
            {
                throw new TooLargeError(file.Length, maxBytes);
            }

            var counted = new ProgressStream(file, file.Length, maxBytes, progress);
            await using (counted.ConfigureAwait(false))
            {
                var stored = await objects.PutAsync(counted, cancellation).ConfigureAwait(false);
                return new(stored, counted.Head, Path.GetFileName(full));
            }
        }
    }
}
