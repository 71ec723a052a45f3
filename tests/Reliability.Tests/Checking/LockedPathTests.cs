using Pipeline.Reliability.Checking;
using static Pipeline.Reliability.Tests.Checking.HandMade;

namespace Pipeline.Reliability.Tests.Checking;

/// <summary>Histories made by hand, good and bad, one for every promise about a locked path.</summary>
public sealed class LockedPathTests
{
    private static readonly Dictionary<string, HandMade> Good = new()
    {
        ["one after another"] = new HandMade()
            .At(0, 1, Took("ada", 1)).At(2, 3, Wrote("ada", 1, "a", 1)).At(4, 5, Released("ada", 1))
            .At(6, 7, Took("bob", 2)).At(8, 9, Saw("a", 1)).At(10, 11, Wrote("bob", 2, "ab", 2)).At(12, 13, Saw("ab")),
        ["in flight together"] = new HandMade()
            .At(0, 100, Took("ada", 1)).At(0, 300, Took("bob", 2)).At(150, 250, Released("ada", 1)).At(110, 260, HeldOff("eve", "ada")),
        ["taken after its lease"] = new HandMade().At(0, 1, Took("ada", 1)).At(1990, 2010, Took("bob", 2)).At(2020, 2030, Refused(Reply.Stale, "ada", 1)),
        ["late but not taken"] = new HandMade().At(0, 1, Took("ada", 1)).At(2500, 2600, Refused(Reply.Stale, "ada", 1)).At(2700, 2800, new Renew(Reply.Lost, "ada", 1, 2_000_000)),
        ["shared together"] = new HandMade()
            .At(0, 1, Took("ada", 1, false)).At(2, 3, Took("bob", 2, false)).At(4, 5, HeldOff("eve", "bob")).At(6, 7, Refused(Reply.Stale, "ada", 1))
            .At(8, 9, Released("ada", 1)).At(10, 11, Released("bob", 2)).At(12, 13, Took("eve", 3)),
        ["renewed in time"] = new HandMade()
            .At(0, 1, Took("ada", 1)).At(1900, 1901, new Renew(Reply.Done, "ada", 1, 2_000_000)).At(3000, 3001, Wrote("ada", 1, "a", 1)).At(3100, 3101, HeldOff("bob", "ada")),
        ["broken"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, new Break(Reply.Done, 1)).At(4, 5, Refused(Reply.Stale, "ada", 1)).At(6, 7, Took("bob", 2)),
        ["released twice"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Released("ada", 1)).At(4, 5, Took("bob", 2)).At(6, 7, Released("ada", 1)).At(8, 9, HeldOff("eve", "bob")),
        ["grant never heard of, seen by others"] = new HandMade()
            .Lost(0, MayHaveTaken("ada")).At(100, 101, HeldOff("bob", "ada")).At(200, 201, Showed(new SeenLock(1, "ada", true))).At(2300, 2301, Took("bob", 2)),
        ["grant never heard of, never made"] = new HandMade().Lost(0, MayHaveTaken("ada")).At(100, 101, Took("bob", 1)).At(102, 103, Showed(new SeenLock(1, "bob", true))),
        ["write never heard of, read later"] = new HandMade()
            .At(0, 1, Took("ada", 1)).Lost(2, new Write(Reply.Unknown, "ada", 1, null, "a")).At(2100, 2101, Took("bob", 2)).At(2102, 2103, Saw("a", 1)),
        ["write never heard of, never made"] = new HandMade()
            .At(0, 1, Took("ada", 1)).Lost(2, new Write(Reply.Unknown, "ada", 1, null, "a")).At(2100, 2101, Took("bob", 2)).At(2102, 2103, new Read(Reply.Absent))
            .At(2104, 2105, Wrote("bob", 2, "b", 1)),
        ["release never heard of"] = new HandMade().At(0, 1, Took("ada", 1)).Lost(2, new Release(Reply.Unknown, "ada", 1)).At(100, 101, Took("bob", 2)),
        ["without a lock by version"] = new HandMade()
            .At(0, 1, new Write(Reply.Done, "ada", null, 0, "a", 1)).At(2, 3, new Write(Reply.Conflict, "bob", null, 0, "b")).At(4, 5, new Write(Reply.Done, "bob", null, 1, "ab", 2)),
        ["refused while promised to one who waits"] = new HandMade().At(0, 1, new Acquire(Reply.Held, "bob", true, 2_000_000, MayStandBehind: true)),
    };

    private static readonly Dictionary<string, HandMade> Bad = new()
    {
        ["two holders"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Took("bob", 2)),
        ["a shared lock beside an exclusive one"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Took("bob", 2, false)),
        ["an exclusive lock beside a shared one"] = new HandMade().At(0, 1, Took("ada", 1, false)).At(2, 3, Took("bob", 2)),
        ["a lease cut short"] = new HandMade().At(0, 1, Took("ada", 1)).At(1000, 1900, Took("bob", 2)),
        ["a renewed lease cut short"] = new HandMade()
            .At(0, 1, Took("ada", 1)).At(1900, 1901, new Renew(Reply.Done, "ada", 1, 2_000_000)).At(3000, 3001, Took("bob", 2)),
        ["a granted waiter's lease cut short"] = new HandMade()
            .At(0, 1, Took("ada", 1)).At(2, 1600, Took("bob", 2)).At(1500, 1501, Released("ada", 1)).At(3000, 3001, Took("eve", 3)),
        ["a stale write accepted"] = new HandMade()
            .At(0, 1, Took("ada", 1)).At(2100, 2101, Took("bob", 2)).At(2102, 2103, Wrote("ada", 1, "a", 1)),
        ["a write after release"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Released("ada", 1)).At(4, 5, Wrote("ada", 1, "a", 1)),
        ["a write under a shared lock"] = new HandMade().At(0, 1, Took("ada", 1, false)).At(2, 3, Wrote("ada", 1, "a", 1)),
        ["a write with another's token"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Wrote("bob", 1, "b", 1)),
        ["a write without a token on a locked path"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Wrote("bob", null, "b", 1)),
        ["a token used twice"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Released("ada", 1)).At(4, 5, Took("bob", 1)),
        ["a token that went back"] = new HandMade().At(0, 1, Took("ada", 7)).At(2, 3, Released("ada", 7)).At(4, 5, Took("bob", 3)),
        ["a read of what was never written"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Wrote("ada", 1, "a", 1)).At(4, 5, Saw("z")),
        ["a read of what was replaced"] = new HandMade()
            .At(0, 1, Took("ada", 1)).At(2, 3, Wrote("ada", 1, "a", 1)).At(4, 5, Wrote("ada", 1, "ab", 2)).At(6, 7, Saw("a")),
        ["a lost update"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Wrote("ada", 1, "a", 1)).At(4, 5, Wrote("ada", 1, "b", 1)),
        ["an answered write that is gone"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Wrote("ada", 1, "a", 1)).At(4, 5, new Read(Reply.Absent)),
        ["a release by another"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Released("bob", 1)),
        ["a refusal on a free path"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Released("ada", 1)).At(4, 5, HeldOff("bob", "ada")),
        ["a refusal that names the wrong holder"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, HeldOff("bob", "eve")),
        ["a live token called stale"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Refused(Reply.Stale, "ada", 1)),
        ["a live lock called lost"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, new Renew(Reply.Lost, "ada", 1, 2_000_000)),
        ["a renewal after it was lost"] = new HandMade().At(0, 1, Took("ada", 1)).At(2100, 2101, Took("bob", 2)).At(2102, 2103, new Renew(Reply.Done, "ada", 1, 2_000_000)),
        ["a list without the holder"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Showed()),
        ["a list with one who released"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Released("ada", 1)).At(4, 5, Showed(new SeenLock(1, "ada", true))),
        ["a version skipped"] = new HandMade().At(0, 1, Took("ada", 1)).At(2, 3, Wrote("ada", 1, "a", 2)),
        ["if_version ignored"] = new HandMade().At(0, 1, new Write(Reply.Done, "ada", null, 0, "a", 1)).At(2, 3, new Write(Reply.Done, "bob", null, 0, "b", 2)),
    };

    public static TheoryData<string> GoodOnes => [.. Good.Keys];

    public static TheoryData<string> BadOnes => [.. Bad.Keys];

    [Theory]
    [MemberData(nameof(GoodOnes))]
    public void What_the_promise_allows_is_ok(string name)
    {
        var verdict = Good[name].Check();
        Assert.True(verdict.Finding == Finding.Ok, $"{verdict.Finding}, stuck on {verdict.StuckOn}, {verdict.StateBefore}");
        var open = Good[name].Operations.Count(operation => operation.IsOpen);
        Assert.InRange(verdict.Prefix.Count, Good[name].Operations.Count - open, Good[name].Operations.Count);
    }

    [Theory]
    [MemberData(nameof(BadOnes))]
    public void What_the_promise_forbids_is_found_at_its_place(string name)
    {
        var verdict = Bad[name].Check();
        Assert.Equal(Finding.Violated, verdict.Finding);
        Assert.Equal(Bad[name].Operations[^1].Id, verdict.StuckOn);
        Assert.Equal(Bad[name].Operations.Count - 1, verdict.Prefix.Distinct().Count());
    }

    [Fact]
    public void A_write_long_after_the_lease_is_found_when_the_servers_clock_may_not_lag()
    {
        var history = new HandMade().At(0, 1, Took("ada", 1)).At(9000, 9001, Wrote("ada", 1, "a", 1));
        Assert.Equal(Finding.Ok, history.Check().Finding);
        Assert.Equal(Finding.Violated, history.Check(lateSlackUs: 1_000_000).Finding);
    }
}
