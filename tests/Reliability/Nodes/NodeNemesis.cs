using System.Net;
using Pipeline.Faults.Services;
using Pipeline.Faults.Stores;
using Pipeline.Reliability.Faults;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Serving;

namespace Pipeline.Reliability.Nodes;

/// <summary>Does to several nodes, their database and their object store what the schedule says. A node's death, pauses, cuts and spells go on beside the next faults.</summary>
internal sealed class NodeNemesis(Rig rig, IReadOnlyList<Node> nodes, PostgresServer database, StoreProxy store, IReadOnlyList<Fault> schedule)
{
    private const int Callers = 60;

    private static readonly TimeSpan StoreDelay = TimeSpan.FromMilliseconds(400);

    private readonly List<Task> _spells = [];
    private readonly List<Task> _cuts = [];

    /// <summary>How often each kind struck.</summary>
    public SortedDictionary<FaultKind, int> Struck { get; } = [];

    /// <summary>Sessions of the database that were ended, or held so that none was left.</summary>
    public long Sessions { get; private set; }

    /// <summary>Runs the schedule to its end, then lets everyone go on.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var began = RigClock.NowNs;
        try
        {
            foreach (var fault in schedule)
            {
                var left = fault.At - TimeSpan.FromMicroseconds((RigClock.NowNs - began) / 1000.0);
                await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation);
                rig.Recorder.Note("fault", new() { ["kind"] = fault.Kind.ToString(), ["amount"] = fault.Amount });
                Struck[fault.Kind] = Struck.GetValueOrDefault(fault.Kind) + (await StrikeAsync(fault) ? 1 : 0);
            }
        }
        finally
        {
            await Task.WhenAll(_spells);
            store.Faults = (_, _, _) => null;
        }
    }

    // False when there was nobody to strike.
    private async Task<bool> StrikeAsync(Fault fault)
    {
        var length = TimeSpan.FromMilliseconds(fault.Amount);
        switch (fault.Kind)
        {
            case FaultKind.KillNode:
                return await KillAsync(fault.Draw);
            case FaultKind.PauseNode:
                return Begins(nodes[fault.Draw % nodes.Count].PauseAsync(length));
            case FaultKind.CutOffNode:
                return CutOff(fault.Draw, length);
            case FaultKind.PauseClient when rig.Clients is { Count: > 0 } clients:
                _spells.Add(PauseAsync(clients[fault.Draw % clients.Count], length));
                break;
            case FaultKind.EndSessions:
                Sessions += await database.ThrowOutAsync(fault.Amount);
                break;
            case FaultKind.RestartDatabase or FaultKind.CrashDatabase:
                await database.RestartAsync(crash: fault.Kind == FaultKind.CrashDatabase);
                break;
            case FaultKind.CrowdDatabase:
                Sessions += await CrowdAsync(length);
                break;
            case FaultKind.FailStore:
                _spells.Add(SpellAsync(length, new StoreFault(fault.Draw % 2 == 0 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.InternalServerError)));
                break;
            case FaultKind.SlowStore:
                _spells.Add(SpellAsync(length, new StoreFault(Delay: StoreDelay)));
                break;
            default:
                throw new InvalidOperationException($"{fault.Kind} is nothing that can be done to nodes.");
        }

        return true;
    }

    // The one that was drawn, or the next that can be; callers keep one to go to.
    private bool CutOff(int draw, TimeSpan length)
    {
        _cuts.RemoveAll(cut => cut.IsCompleted);
        for (var next = 0; next < nodes.Count && _cuts.Count < nodes.Count - 1; next++)
        {
            if (Begins(nodes[(draw + next) % nodes.Count].CutOffAsync(length)))
            {
                _cuts.Add(_spells[^1]);
                return true;
            }
        }

        return false;
    }

    // What is over at once found nobody up.
    private bool Begins(Task<bool> spell)
    {
        _spells.Add(spell);
        return !spell.IsCompleted;
    }

    // The one that was drawn, or the next that is up.
    private async Task<bool> KillAsync(int draw)
    {
        for (var next = 0; next < nodes.Count; next++)
        {
            if (await nodes[(draw + next) % nodes.Count].KillAsync())
            {
                return true;
            }
        }

        return false;
    }

    // All sessions that are left are taken, those that there are thrown out, and many ask at once.
    private async Task<int> CrowdAsync(TimeSpan length)
    {
        var holding = database.CrowdAsync(length);
        await database.ThrowOutAsync(30);
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => rig.Operator.AskAsync("list_locks", new() { ["asset"] = $"sets/{caller}.txt" })));
        return await holding;
    }

    private static async Task PauseAsync(Clients.ClientProcess client, TimeSpan length)
    {
        client.Signal(Signals.Stop);
        await Task.Delay(length);
        client.Continue();
    }

    // Every other request suffers.
    private async Task SpellAsync(TimeSpan length, StoreFault fault)
    {
        store.Faults = (_, _, request) => request % 2 == 0 ? fault : null;
        await Task.Delay(length);
        store.Faults = (_, _, _) => null;
    }
}
