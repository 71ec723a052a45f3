using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

public sealed class StoreClockTests : IDisposable
{
    private static readonly Table Leased = new("leased", "create table leased (id bigint primary key, until_ms bigint not null)")
    {
        Leases = [new("leased", "until_ms")],
    };

    private readonly TemporaryFolder _folder = new();
    private readonly SetTime _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Setting_the_wall_clock_moves_nothing()
    {
        var clock = new StoreClock(_time);
        var start = clock.NowMs();
        _time.Wall += TimeSpan.FromHours(5);
        Assert.Equal(start, clock.NowMs());
        _time.Wall -= TimeSpan.FromHours(9);
        _time.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal(start + 2000, clock.NowMs());
    }

    [Fact]
    public async Task A_wall_clock_set_back_between_two_openings_does_not_turn_time_back()
    {
        var before = await NowAsync(null);
        _time.Wall -= TimeSpan.FromHours(1);
        var after = await NowAsync(null);

        Assert.True(after >= before);
        Assert.True(after < before + 1000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(-7)]
    public async Task Leases_keep_their_remainder_over_any_closing(double wallHours)
    {
        var opened = await NowAsync(async (tx, now) =>
        {
            await tx.ExecuteAsync("insert into leased values(1, @live), (2, @ended)", new { live = now + 60_000, ended = now - 1 });
        });
        _time.Pass(TimeSpan.FromMinutes(10));
        _time.Wall += TimeSpan.FromHours(wallHours);
        long live = 0, ended = 0;
        var reopened = await NowAsync(async (tx, _) =>
        {
            live = await tx.FirstAsync<long>("select until_ms from leased where id=1");
            ended = await tx.FirstAsync<long>("select until_ms from leased where id=2");
        });

        Assert.InRange(live - reopened, 60_000, 60_200);
        Assert.Equal(opened - 1, ended);
        Assert.True(reopened >= opened);
    }

    private async Task<long> NowAsync(Func<ITransaction, long, ValueTask>? work)
    {
        await using var database = SqliteDatabase.Open(_folder["test.db"], _time);
        await database.MigrateAsync([Leased], CancellationToken.None);
        return await database.TransactAsync(async tx =>
        {
            await (work?.Invoke(tx, tx.NowMs) ?? ValueTask.CompletedTask);
            return tx.NowMs;
        }, CancellationToken.None);
    }

    private sealed class SetTime : TimeProvider
    {
        private long _passed;

        public DateTimeOffset Wall { get; set; } = DateTimeOffset.FromUnixTimeSeconds(1_900_000_000);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => _passed;

        public void Pass(TimeSpan time)
        {
            _passed += time.Ticks;
            Wall += time;
        }
    }
}
