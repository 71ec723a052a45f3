namespace Pipeline.Storage.State;

/// <summary>Runs, inside one transaction that nobody shares, what a store has not seen yet.</summary>
internal static class Migrations
{
    /// <exception cref="StorageFailedException">The store was written by a newer build.</exception>
    public static async ValueTask<bool> RunAsync(ITransaction tx, Dialect dialect, IReadOnlyList<Table> tables)
    {
        await tx.ExecuteAsync(dialect.Render("create table if not exists migrations (name text primary key, applied bigint not null)")).ConfigureAwait(false);
        foreach (var table in tables)
        {
            var applied = await tx.FirstAsync<long>("select applied from migrations where name=@Name", new { table.Name }).ConfigureAwait(false);
            if (applied > table.Migrations.Count)
            {
                throw new StorageFailedException($"The table '{table.Name}' was written by a newer version of this program; start that one.", null, full: false);
            }

            foreach (var migration in table.Migrations.Skip((int)applied))
            {
                await tx.ExecuteAsync(dialect.Render(migration)).ConfigureAwait(false);
            }

            if (applied != table.Migrations.Count)
            {
                await tx.ExecuteAsync(
                    "insert into migrations(name, applied) values(@Name, @Count) on conflict(name) do update set applied=excluded.applied",
                    new { table.Name, table.Migrations.Count }).ConfigureAwait(false);
            }
        }

        return true;
    }
}
