using Pipeline.Tools.Runs;

namespace Pipeline.Tools.Tests.Runs;

public sealed class SharedLooksTests
{
    private readonly SharedLooks _looks = new();
    private readonly List<TaskCompletionSource<string>> _under = [];
    private readonly List<int> _callers = [];

    [Fact]
    public async Task Who_comes_during_a_look_shares_the_next_one_and_has_a_place_of_its_own()
    {
        var first = JoinAsync("a");
        var others = Enumerable.Range(0, 5).Select(_ => JoinAsync("a")).ToList();
        Assert.Single(_under);

        _under[0].SetResult("early");
        Assert.Equal(("early", 0), await first);
        Assert.Equal(2, await LooksAsync(2));
        _under[1].SetResult("late");
        var seen = await Task.WhenAll(others);

        Assert.Equal([1, 5], _callers);
        Assert.All(seen, one => Assert.Equal("late", one.Seen));
        Assert.Equal([0, 1, 2, 3, 4], seen.Select(one => one.Place).Order());
    }

    [Fact]
    public async Task A_look_at_something_else_waits_for_nobody()
    {
        var one = JoinAsync("a");
        var other = JoinAsync("b");
        Assert.Equal(2, _under.Count);
        _under[1].SetResult("b");
        Assert.Equal(("b", 0), await other);
        _under[0].SetResult("a");
        Assert.Equal(("a", 0), await one);
    }

    [Fact]
    public async Task A_look_that_fails_fails_for_all_who_share_it_and_for_nobody_after_them()
    {
        var first = JoinAsync("a");
        var (second, third) = (JoinAsync("a"), JoinAsync("a"));
        _under[0].SetException(new InvalidOperationException("first"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await LooksAsync(2);
        _under[1].SetException(new InvalidOperationException("second"));
        Assert.Equal("second", (await Assert.ThrowsAsync<InvalidOperationException>(() => second)).Message);
        Assert.Equal("second", (await Assert.ThrowsAsync<InvalidOperationException>(() => third)).Message);

        var next = JoinAsync("a");
        _under[2].SetResult("well");
        Assert.Equal(("well", 0), await next);
    }

    private Task<(string Seen, int Place)> JoinAsync(string what) => _looks.JoinAsync(what, callers =>
    {
        lock (_under)
        {
            _callers.Add(callers);
            _under.Add(new());
            return _under[^1].Task;
        }
    });

    private async Task<int> LooksAsync(int atLeast)
    {
        while (true)
        {
            lock (_under)
            {
                if (_under.Count >= atLeast)
                {
                    return _under.Count;
                }
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
