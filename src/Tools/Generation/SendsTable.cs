using Pipeline.Storage.State;

namespace Pipeline.Tools.Generation;

/// <summary>What was sent to each model in the last minute, and until when a model that refused is left in peace.</summary>
public static class SendsTable
{
    public static readonly Table Schema = new("sends",
        """
        create table sends (send_id {identity}, provider text not null, model text not null, at_ms bigint not null);
        create index sends_by_model on sends(provider, model, at_ms);
        create table model_rests (provider text not null, model text not null, until_ms bigint not null, strikes bigint not null, primary key (provider, model));
        """);

    private const long MinuteMs = 60_000;
    private const long FirstRestMs = 1_000;
    private const long LongestRestMs = 300_000;

    /// <summary>How many more may be sent to a model now.</summary>
    public static async ValueTask<int> FreeAsync(IQuery query, ModelQueue queue, int most)
    {
        var rest = await query.FirstAsync<ModelRest>("select until_ms, strikes from model_rests where provider=@Provider and model=@Model", new { queue.Provider, queue.Model }).ConfigureAwait(false);
        if (rest?.UntilMs > query.NowMs)
        {
            return 0;
        }

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

        // After a refusal one goes first, to see.
        return (int)Math.Max(0, rest?.Strikes > 0 ? Math.Min(1, free) : free);
    }

    /// <summary>Notes calls that are about to be made, and forgets those of the minute before.</summary>
    public static async ValueTask AddAsync(ITransaction tx, string provider, string model)
    {
        await tx.ExecuteAsync("delete from sends where provider=@provider and model=@model and at_ms<=@UntilMs", new { provider, model, UntilMs = tx.NowMs - MinuteMs }).ConfigureAwait(false);
        await tx.ExecuteAsync("insert into sends(provider, model, at_ms) values(@provider, @model, @NowMs)", new { provider, model, tx.NowMs }).ConfigureAwait(false);
    }

    /// <summary>The model refused: nothing more is sent to it for what it asked, or for twice as long as last time.</summary>
    public static async ValueTask RestAsync(ITransaction tx, string provider, string model, double? retryAfterSeconds)
    {
        var strikes = await tx.FirstAsync<long>(
            """
            insert into model_rests(provider, model, until_ms, strikes) values(@provider, @model, 0, 1)
            on conflict(provider, model) do update set strikes=case when model_rests.until_ms>@NowMs then model_rests.strikes else model_rests.strikes+1 end returning strikes
            """,
            new { provider, model, tx.NowMs }).ConfigureAwait(false);
        var restMs = retryAfterSeconds is > 0 and { } asked ? (long)(Math.Min(asked, 86_400) * 1000) : Math.Min(LongestRestMs, FirstRestMs << (int)Math.Min(strikes - 1, 20));
        await tx.ExecuteAsync(
            "update model_rests set until_ms=@UntilMs where provider=@provider and model=@model and until_ms<@UntilMs", new { provider, model, UntilMs = tx.NowMs + restMs }).ConfigureAwait(false);
    }

    /// <summary>The model took a call again.</summary>
    public static ValueTask<int> RestedAsync(ITransaction tx, string provider, string model) =>
        tx.ExecuteAsync("delete from model_rests where provider=@provider and model=@model", new { provider, model });

    private sealed record ModelRest
    {
        public long UntilMs { get; init; }
        public long Strikes { get; init; }
    }
}
