using System.Buffers.Text;
using System.Text.Json.Nodes;
using Pipeline.Tools.Egress;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>
/// A vendor's public keys, kept for a day. They are fetched beside the calls: a webhook that comes before they are there is not believed, and its sender
/// sends it again.
/// </summary>
internal sealed class HookKeys(string url, GuardedHttp http, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(24);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private IReadOnlyList<byte[]> _keys = [];
    private DateTimeOffset _fetchedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _triedAt = DateTimeOffset.MinValue;

    /// <summary>What is known; empty when it is not, or too old.</summary>
    public IReadOnlyList<byte[]> Known
    {
        get
        {
            lock (_gate)
            {
                return time.GetUtcNow() - _fetchedAt < Kept ? _keys : [];
            }
        }
    }

    /// <summary>Fetches them when they are missing or old.</summary>
    public Task KeepAsync(CancellationToken cancellation) => Known.Count > 0 ? Task.CompletedTask : FetchAsync(cancellation);

    /// <summary>Fetches them anew, now and then at most: a signature that none of them made may be of a new one.</summary>
    public async Task FetchAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (time.GetUtcNow() - _triedAt < Rest)
            {
                return;
            }

            _triedAt = time.GetUtcNow();
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        var answer = await new VendorDoor(http).AskAsync(request, Limit, cancellation).ConfigureAwait(false);
        if (answer.IsSuccess && Read(answer.Body) is { Count: > 0 } keys)
        {
            lock (_gate)
            {
                (_keys, _fetchedAt) = (keys, time.GetUtcNow());
            }
        }
    }

    private static List<byte[]> Read(JsonNode? set) =>
        [.. Pointers.All(set, "/keys/*/x").Select(Pointers.AsText).OfType<string>().Where(static text => Base64Url.IsValid(text)).Select(static text => Base64Url.DecodeFromChars(text)).Where(static key => key.Length == 32)];
}
