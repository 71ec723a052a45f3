using Microsoft.Extensions.DependencyInjection;
using Pipeline.Faults.Services;
using Pipeline.Faults.Stores;
using Pipeline.McpServer.Serving;
using Pipeline.Storage;
using Pipeline.Storage.Objects;

namespace Pipeline.Tools.Tests.Serving;

/// <summary>
/// Where a house keeps its bytes: files, or with PIPELINE_TEST_BACKEND=services a bucket of its own. Signed addresses are off there, so that the
/// tests of the server's own routes test them; those of signed addresses turn them on. Tests that are about files by their nature open their
/// house with <see cref="OnFiles"/>.
/// </summary>
internal sealed class ObjectBackEnd : IAsyncDisposable
{
    private static readonly Dictionary<string, TestBucket> Kept = [];

    private readonly TestBucket? _bucket;
    private readonly bool _keep;

    private ObjectBackEnd(TestBucket? bucket, bool keep) => (_bucket, _keep) = (bucket, keep);

    /// <summary>For tests that spoil, age or count the object files themselves: this house keeps its bytes in files whatever the others do.</summary>
    public static void OnFiles(IServiceCollection services) => services
        .AddSingleton<IObjectStore>(provider => provider.GetRequiredService<FileObjectStore>())
        .AddSingleton<IObjectKeep>(provider => provider.GetRequiredService<FileObjectStore>());

    /// <summary>A bucket; for a folder that houses open one after the other, the same one each time.</summary>
    public static async Task<ObjectBackEnd> OpenAsync(string? folder, bool? onServices)
    {
        if (!(onServices ?? BackEnd.IsServices))
        {
            return new(null, keep: false);
        }

        if (folder is null)
        {
            return new(await TestBucket.MakeAsync(), keep: false);
        }

        lock (Kept)
        {
            if (Kept.TryGetValue(folder, out var known))
            {
                return new(known, keep: true);
            }
        }

        var made = await TestBucket.MakeAsync();
        lock (Kept)
        {
            Kept[folder] = made;
        }

        KeptToTheEnd.Add(made);

        return new(made, keep: true);
    }

    public void AddTo(IServiceCollection services, DataFolder folder)
    {
        if (_bucket is not null)
        {
            services.AddS3Objects(_bucket.Options with { Presign = false }, folder);
        }
    }

    public ValueTask DisposeAsync() => _bucket is null || _keep ? ValueTask.CompletedTask : _bucket.DisposeAsync();
}
