namespace Pipeline.Index.Tests;

public sealed class SqliteSearchIndexTests : SearchIndexSuite
{
    protected override async Task<IndexBackEnd> CreateAsync() => await SqliteBackEnd.CreateAsync();
}

public sealed class SqliteSearchFilterTests : SearchFilterSuite
{
    protected override async Task<IndexBackEnd> CreateAsync() => await SqliteBackEnd.CreateAsync();
}
