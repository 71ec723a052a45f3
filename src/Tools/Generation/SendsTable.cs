using Pipeline.Storage.State;

namespace Pipeline.Tools.Generation;

/// <summary>What was sent to each model in the last minute.</summary>
/// <remarks>Rests are the breakers'; model_rests stays while nodes of the version before may write to it.</remarks>
public static class SendsTable
{
    public static readonly Table Schema = new("sends",
        """
        create table sends (send_id {identity}, provider text not null, model text not null, at_ms bigint not null);
        create index sends_by_model on sends(provider, model, at_ms);
        create table model_rests (provider text not null, model text not null, until_ms bigint not null, strikes bigint not null, primary key (provider, model));
        """);

    private const long MinuteMs = 60_000;

    /// <summary>How many more may be sent to a model now by the rate of its card.</summary>
    public static async ValueTask<int> FreeAsync(IQuery query, ModelQueue queue, int most)
    {
        var free = (long)most;
        if (queue.RateConcurrent is { } concurrent)
        {
            free = Math.Min(free, concurrent - queue.WithVendor);
        }

        if (queue.RatePerMinute is { } perMinute && free > 0)
        {
            var sent = await query.FirstAsync<long>(
                "select count(*) from sends where provider=@Provider and model=@Model and at_ms>@SinceMs", new { queue.Provider, queue.Model, SinceMs = query.NowMs - MinuteMs }).ConfigureAwait(false);
            free = Math.Min(free, perMinute - sent);
        }

        return (int)Math.Max(0, free);
    }

    /// <summary>Notes calls that are about to be made, and forgets those of the minute before.</summary>
    public static async ValueTask AddAsync(ITransaction tx, string provider, string model)
    {
        await tx.ExecuteAsync("delete from sends where provider=@provider and model=@model and at_ms<=@UntilMs", new { provider, model, UntilMs = tx.NowMs - MinuteMs }).ConfigureAwait(false);
        await tx.ExecuteAsync("insert into sends(provider, model, at_ms) values(@provider, @model, @NowMs)", new { provider, model, tx.NowMs }).ConfigureAwait(false);
    }
}
