using Pipeline.Reliability.Checking;

namespace Pipeline.Reliability.Tests.Checking;

/// <summary>How a pretended server is wrong.</summary>
public enum Flaw
{
    None,
    WritesUnfenced,
    TwoHolders,
    TokensReused,
    LeasesShort,
    ReadsStale,
    WritesForgotten,
    ReleasesAnyones,
    RenewsTheDead,
}

/// <summary>A lock and a register in a few lines, one call at a time at a given moment: what the checker's model promises, written the other way round.</summary>
internal sealed class PretendServer(Flaw flaw, Random random)
{
    private readonly List<Lease> _leases = [];
    private readonly List<string> _contents = [""];
    private long _token;

    public PathAction Acquire(string agent, bool exclusive, long ttlUs, long nowUs)
    {
        if (Live(nowUs).FirstOrDefault(lease => lease.Exclusive || exclusive) is { } held && !(flaw == Flaw.TwoHolders && Bites()))
        {
            return new Acquire(Reply.Held, agent, exclusive, ttlUs, 0, held.Agent);
        }

        _token += flaw == Flaw.TokensReused && _token > 0 && Bites() ? 0 : 1;
        _leases.Add(new(_token, agent, exclusive) { UntilUs = nowUs + (flaw == Flaw.LeasesShort ? ttlUs / 3 : ttlUs) });
        return new Acquire(Reply.Done, agent, exclusive, ttlUs, _token);
    }

    public PathAction Renew(string agent, long token, long ttlUs, long nowUs)
    {
        if (Find(agent, token, nowUs) is not { } lease && !(flaw == Flaw.RenewsTheDead && (lease = _leases.Find(one => one.Token == token)!) is not null))
        {
            return new Renew(Reply.Lost, agent, token, ttlUs);
        }

        lease.UntilUs = nowUs + ttlUs;
        return new Renew(Reply.Done, agent, token, ttlUs);
    }

    public PathAction Release(string agent, long token, long nowUs)
    {
        if (_leases.Find(one => one.Token == token) is not { } lease || lease.Agent != agent && flaw != Flaw.ReleasesAnyones)
        {
            return new Release(Reply.Absent, agent, token);
        }

        lease.UntilUs = Math.Min(lease.UntilUs, nowUs);
        return new Release(Reply.Done, agent, token);
    }

    public PathAction List(long nowUs) =>
        new ListHeld(Reply.Done, [.. Live(nowUs).Select(lease => new SeenLock(lease.Token, lease.Agent, lease.Exclusive))]);

    public PathAction Write(string agent, long? token, string content, long nowUs)
    {
        if (flaw != Flaw.WritesUnfenced)
        {
            if (token is null && Live(nowUs).Any())
            {
                return new Write(Reply.Held, agent, token, null, content);
            }

            if (token is { } named && Find(agent, named, nowUs) is not { Exclusive: true })
            {
                return new Write(Reply.Stale, agent, token, null, content);
            }
        }

        if (flaw == Flaw.WritesForgotten && Bites())
        {
            return new Write(Reply.Done, agent, token, null, content, _contents.Count);
        }

        _contents.Add(content);
        return new Write(Reply.Done, agent, token, null, content, _contents.Count - 1);
    }

    public PathAction Read()
    {
        var version = flaw == Flaw.ReadsStale && _contents.Count > 2 && Bites() ? _contents.Count - 2 : _contents.Count - 1;
        return version == 0 ? new Read(Reply.Absent) : new Read(Reply.Done, version, _contents[version]);
    }

    private bool Bites() => random.Next(5) == 0;

    private IEnumerable<Lease> Live(long nowUs) => _leases.Where(lease => lease.UntilUs > nowUs);

    private Lease? Find(string agent, long token, long nowUs) => Live(nowUs).FirstOrDefault(lease => lease.Token == token && lease.Agent == agent);

    private sealed record Lease(long Token, string Agent, bool Exclusive)
    {
        public long UntilUs { get; set; }
    }
}
