using Pipeline.Reliability.Clients;
using Pipeline.Reliability.Recording;
using Pipeline.Reliability.Serving;

namespace Pipeline.Reliability.Faults;

/// <summary>Does to a rig what the schedule says. One fault at a time, except that pauses go on beside the next ones.</summary>
/// <param name="rig">The victim.</param>
/// <param name="schedule">See <see cref="FaultSchedule"/>.</param>
/// <param name="replace">Starts another client in the place of a killed one; null when the dead stay dead.</param>
public sealed class Nemesis(Rig rig, IReadOnlyList<Fault> schedule, Action<ClientProcess>? replace = null)
{
    private static readonly TimeSpan Spell = TimeSpan.FromSeconds(1);

    private readonly List<Task> _pauses = [];

    /// <summary>How often each kind struck.</summary>
    public Dictionary<FaultKind, int> Struck { get; } = [];

    /// <summary>Runs the schedule to its end or until cancelled, then lets everyone go on.</summary>
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
                await StrikeAsync(fault);
                if (rig.Server.Ended.IsCompleted)
                {
                    // It trusts its disk no more and has stopped, as it should.
                    await rig.Server.DiedAsync(Spell);
                    await rig.Server.StartAsync();
                }

                Struck[fault.Kind] = Struck.GetValueOrDefault(fault.Kind) + 1;
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }

        await Task.WhenAll(_pauses);
    }

    private async Task StrikeAsync(Fault fault)
    {
        switch (fault.Kind)
        {
            case FaultKind.KillServer:
                await rig.RestartAsync();
                break;
            case FaultKind.KillClient when Pick(fault) is { } client:
                await rig.KillAsync(client);
                replace?.Invoke(client);
                break;
            case FaultKind.PauseClient when Pick(fault) is { } client:
                _pauses.Add(PauseAsync(client.Signal, fault.Amount));
                break;
            case FaultKind.PauseServer:
                await PauseAsync(rig.Server.Signal, fault.Amount);
                break;
            case FaultKind.JumpClock:
                await rig.Server.OrderAsync($"clock {fault.Amount}");
                rig.Server.Environment["PIPELINE_RIG_CLOCK_MS"] = fault.Amount.ToString(System.Globalization.CultureInfo.InvariantCulture);
                break;
            case FaultKind.StrobeClock:
                await SpellAsync($"strobe {fault.Amount}", "strobe 0");
                break;
            case FaultKind.LoseAnswers:
                await SpellAsync($"cut {fault.Amount} {fault.Draw}", "cut 0 0");
                break;
            case FaultKind.SlowObjects:
                await rig.Server.OrderAsync($"objects slow {fault.Amount} 300");
                break;
            case FaultKind.FailObjects:
                await rig.Server.OrderAsync($"objects {(fault.Draw % 2 == 0 ? "eio" : "enospc")} {fault.Amount}");
                break;
            case FaultKind.SlowDisk:
                await SpellAsync($"disk slow {fault.Amount}", "disk slow 0");
                break;
            case FaultKind.FailDisk:
                await rig.Server.OrderAsync($"disk {(fault.Draw % 2 == 0 ? "broken" : "full")} {fault.Amount}");
                break;
            default:
                break;
        }
    }

    private ClientProcess? Pick(Fault fault) => rig.Clients is { Count: > 0 } clients ? clients[fault.Draw % clients.Count] : null;

    private static async Task PauseAsync(Action<int> signal, int pauseMs)
    {
        signal(Signals.Stop);
        await Task.Delay(pauseMs);
        signal(Signals.Continue);
    }

    private async Task SpellAsync(string order, string undo)
    {
        await rig.Server.OrderAsync(order);
        await Task.Delay(Spell);
        await rig.Server.OrderAsync(undo);
    }
}
