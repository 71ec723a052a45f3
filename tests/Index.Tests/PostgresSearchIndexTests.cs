namespace Pipeline.Index.Tests;

[Trait("needs", "services")]
public sealed class PostgresSearchIndexTests : SearchIndexSuite
{
    protected override async Task<IndexBackEnd> CreateAsync() => await PostgresBackEnd.CreateAsync();
}

[Trait("needs", "services")]
public sealed class PostgresSearchFilterTests : SearchFilterSuite
{
    protected override async Task<IndexBackEnd> CreateAsync() => await PostgresBackEnd.CreateAsync();
}
