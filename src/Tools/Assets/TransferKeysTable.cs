using Pipeline.Storage.State;

namespace Pipeline.Tools.Assets;

/// <summary>The key that signs links; all nodes of one store share it, and it outlasts them.</summary>
public static class TransferKeysTable
{
    public static readonly Table Schema = new("transfer_keys", "create table transfer_keys (name text primary key, value text not null);");

    /// <summary>The key of that name, made from <paramref name="fresh"/> when there is none yet.</summary>
    public static async ValueTask<string> GetOrMakeAsync(ITransaction tx, string name, string fresh)
    {
        await tx.ExecuteAsync("insert into transfer_keys(name, value) values(@name, @fresh) on conflict(name) do nothing", new { name, fresh }).ConfigureAwait(false);
        return (await tx.FirstAsync<string>("select value from transfer_keys where name=@name", new { name }).ConfigureAwait(false))!;
    }
}
