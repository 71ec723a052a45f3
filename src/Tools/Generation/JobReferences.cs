using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Generation;

/// <summary>Brings the pinned versions that a job keeps to.</summary>
internal sealed class JobReferences(IDatabase database, IObjectStore objects)
{
    /// <summary>Local files of all of them, valid until disposed; or which one is gone.</summary>
    public async Task<GivenReferences> OpenAsync(JobRow job, CancellationToken cancellation)
    {
        var opened = new List<LocalObject>();
        var files = new List<ReferenceFile>();
        foreach (var address in Wire.Read<IReadOnlyList<string>>(job.Refs))
        {
            var row = await database.ReadAsync(query => AssetsTable.FindAsync(query, AssetName.Parse(address)), cancellation).ConfigureAwait(false);
            if (row is null)
            {
                return new(opened, [], address);
            }

            var local = await objects.LocalAsync(row.Sha256, cancellation).ConfigureAwait(false);
            opened.Add(local);
            files.Add(new(address, row.MediaType, local.Path));
        }

        return new(opened, files, null);
    }
}

/// <summary>Local files of references.</summary>
internal sealed class GivenReferences(IReadOnlyList<LocalObject> opened, IReadOnlyList<ReferenceFile> files, string? missing) : IDisposable
{
    public IReadOnlyList<ReferenceFile> Files => files;

    /// <summary>The one that is gone; null when all are there.</summary>
    public string? Missing => missing;

    public void Dispose()
    {
        foreach (var local in opened)
        {
            local.Dispose();
        }
    }
}
