using Pipeline.Index.Embeddings;

namespace Pipeline.Index.Tests;

/// <summary>What every suite over a back end needs.</summary>
public abstract class IndexSuite : IAsyncLifetime
{
    protected IndexBackEnd BackEnd { get; private set; } = null!;

    protected ISearchIndex Index { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        BackEnd = await CreateAsync();
        Index = BackEnd.Open(new LexicalEmbedding());
    }

    public async ValueTask DisposeAsync()
    {
        (Index as IDisposable)?.Dispose();
        await BackEnd.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<IndexBackEnd> CreateAsync();

    protected static SourceKey Key(string subject = "a.mp4", long version = 1, string source = "user", string scope = "films") => new(scope, subject, version, source);

    protected static IndexEntry Tag(string text, double start = 0, double end = 1, string? label = null, double? score = null) =>
        new() { Kind = EntryKind.FrameTag, Text = text, StartSeconds = start, EndSeconds = end, Label = label, Score = score };

    protected static IndexEntry Cue(string text, double start, double end) => new() { Kind = EntryKind.Transcript, Text = text, StartSeconds = start, EndSeconds = end };

    protected static IndexEntry About(string text, params (string Name, FieldValue Value)[] fields) =>
        new() { Kind = EntryKind.Metadata, Text = text, Fields = fields.ToDictionary(field => field.Name, field => field.Value) };

    protected async Task PutAsync(SourceKey key, params IndexEntry[] entries)
    {
        var prepared = await Index.PrepareAsync(entries, CancellationToken.None);
        await BackEnd.Database.TransactAsync(async tx =>
        {
            await Index.ReplaceAsync(tx, key, prepared);
            return true;
        }, CancellationToken.None);
    }

    protected Task<IReadOnlyList<SearchHit>> AskAsync(string text) => AskAsync(new SearchQuery("films", text));

    protected Task<IReadOnlyList<SearchHit>> AskAsync(SearchQuery query) => Index.QueryAsync(query, CancellationToken.None);

    protected async Task<string[]> TextsAsync(SearchQuery query) => [.. (await AskAsync(query)).Select(hit => hit.Entry.Text)];
}
