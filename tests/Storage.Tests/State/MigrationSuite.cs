using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>What every back end promises of migrations.</summary>
public abstract class MigrationSuite : DatabaseSuite
{
    private const string Create = "create table steps (name text not null)";

    [Fact]
    public async Task Each_runs_once_and_in_order_across_reopening()
    {
        await MigrateAsync(new Table("steps", Create, "insert into steps values('one')"));
        await MigrateAsync(new Table("steps", Create, "insert into steps values('one')"));
        await MigrateAsync(
            new Table("steps", Create, "insert into steps values('one')", "insert into steps values('two'); insert into steps values('three')"),
            new Table("later", "insert into steps values('later')"));

        await using var database = await OpenEmptyAsync(TimeProvider.System);
        var names = await database.ReadAsync(query => query.QueryAsync<string>("select name from steps"), CancellationToken.None);
        Assert.Equal(["one", "two", "three", "later"], names);
    }

    [Fact]
    public async Task One_that_fails_leaves_all_as_it_was()
    {
        await using var database = await OpenEmptyAsync(TimeProvider.System);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() =>
            database.MigrateAsync([new Table("steps", Create), new Table("broken", "insert into nowhere values(1)")], CancellationToken.None));
        await database.MigrateAsync([new Table("steps", Create)], CancellationToken.None);

        Assert.Equal(0, await database.ReadAsync(query => query.FirstAsync<long>("select count(*) from steps"), CancellationToken.None));
    }

    [Fact]
    public async Task A_store_of_a_newer_build_is_refused()
    {
        await MigrateAsync(new Table("steps", Create, "insert into steps values('one')"));
        await Assert.ThrowsAsync<StorageFailedException>(() => MigrateAsync(new Table("steps", Create)));
        await MigrateAsync(new Table("steps", Create, "insert into steps values('one')"));

        await using var database = await OpenEmptyAsync(TimeProvider.System);
        Assert.Equal(1, await database.ReadAsync(query => query.FirstAsync<long>("select count(*) from steps"), CancellationToken.None));
    }

    [Fact]
    public async Task The_growing_key_grows()
    {
        await using var database = await OpenEmptyAsync(TimeProvider.System);
        await database.MigrateAsync([new Table("things", "create table things (id {identity}, name text not null)")], CancellationToken.None);
        var ids = await database.TransactAsync(async tx => (
            await tx.FirstAsync<long>("insert into things(name) values('a') returning id"),
            await tx.FirstAsync<long>("insert into things(name) values('b') returning id")), CancellationToken.None);

        Assert.True(ids.Item2 > ids.Item1);
    }

    private async Task MigrateAsync(params Table[] tables)
    {
        await using var database = await OpenEmptyAsync(TimeProvider.System);
        await database.MigrateAsync(tables, CancellationToken.None);
    }
}
