using ModelContextProtocol;
using Pipeline.Storage;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>Writes a file on the server's machine. The directory is opened and judged first, and the file is made in that very directory.</summary>
internal sealed class LocalExport(DataFolder data, Ids ids)
{
    private const string Setting = "PIPELINE_EXPORT_ROOTS";
    private const int CopyBytes = 1 << 17;

    /// <summary>Writes all of <paramref name="content"/>; the file appears under its name whole or not at all.</summary>
    public async Task WriteAsync(
        Caller caller, string path, Stream content, long totalBytes, bool overwrite, IProgress<ProgressNotificationValue> progress, CancellationToken cancellation)
    {
        var roots = new AllowedRoots(caller.ExportRoots, Setting, data);
        var full = roots.CheckWritten(path);
        var folder = Path.GetDirectoryName(full) ?? throw new PathRefusedError(path, "is not a file's path", Setting);
        using var directory = OpenedFile.TryOpen(folder) ?? throw new NotFoundError("directory", folder);
        var real = OpenedFile.RealPath(directory, folder);
        roots.CheckOpened(path, real);
        if (!File.GetAttributes(directory).HasFlag(FileAttributes.Directory))
        {
            throw new NotFoundError("directory", folder);
        }

        // Through the open directory: whoever swaps a part of the path for a link now changes nothing.
        var place = OperatingSystem.IsLinux() ? OpenedFile.Alias(directory) : real!;
        var (target, temporary) = (Path.Combine(place, Path.GetFileName(full)), Path.Combine(place, "." + ids.New("export")));
        if (Path.Exists(target) && (!overwrite || Directory.Exists(target)))
        {
            throw new AlreadyExistsError(path);
        }

        try
        {
            var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous);
            await using (file.ConfigureAwait(false))
            {
                var counted = new ProgressStream(content, totalBytes, long.MaxValue, progress);
                await counted.CopyToAsync(file, CopyBytes, cancellation).ConfigureAwait(false);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, target, overwrite);
            if (OperatingSystem.IsLinux())
            {
                RandomAccess.FlushToDisk(directory);
            }
        }
        catch (IOException) when (!overwrite && Path.Exists(target))
        {
            throw new AlreadyExistsError(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ExportFailedError(path, failure is UnauthorizedAccessException ? "permission was denied." : "the disk is full or failed.");
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
