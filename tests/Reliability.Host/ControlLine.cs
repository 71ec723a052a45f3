using System.Globalization;
using Pipeline.Faults.Disks;

namespace Pipeline.Reliability.Host;

/// <summary>
/// Orders on standard input, one a line, each answered by the line <c>did ORDER</c> on standard output: <c>clock MS</c> moves the wall clock,
/// <c>strobe MS</c> lets it jump to and fro (0 ends it), <c>cut PERMILLE SEED</c> loses answers after their commit, <c>objects FAULT COUNT
/// [DELAY_MS]</c> with FAULT none, slow, eio or enospc lets the next calls of the object store suffer, <c>disk slow MS</c> slows every flush of the
/// database, <c>disk broken N</c> and <c>disk full N</c> fail its N-th write from now, <c>queue FILE</c> writes what was seen of the lock queue.
/// </summary>
internal sealed class ControlLine(FaultyHouse house)
{
    public void Start() => new Thread(Listen) { IsBackground = true, Name = "control" }.Start();

    private void Listen()
    {
        while (Console.In.ReadLine() is { } line)
        {
            Obey(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            house.Tell($"did {line}");
        }

        Environment.Exit(3);
    }

    private void Obey(string[] words)
    {
        switch (words)
        {
            case ["clock", var ms]:
                house.Clock.OffsetMs = Number(ms);
                break;
            case ["strobe", var ms]:
                house.Clock.StrobeMs = Number(ms);
                break;
            case ["cut", var permille, var seed]:
                house.Cuts.Lose((int)Number(permille), (int)Number(seed));
                break;
            case ["objects", var fault, var count, .. var rest]:
                house.Objects.Order(fault, (int)Number(count), rest is [var delay] ? (int)Number(delay) : 0);
                break;
            case ["queue", var file]:
                house.Queue!.Write(file);
                break;
            case ["disk", "slow", var ms]:
                Disk.SyncDelay = TimeSpan.FromMilliseconds(Number(ms));
                break;
            case ["disk", var failure and ("broken" or "full"), var at]:
                Disk.Fault = new(DiskOperation.Write, Number(at), failure == "full" ? DiskFailure.Full : DiskFailure.Broken, Lasting: false);
                break;
            default:
                throw new ArgumentException($"There is no order '{string.Join(' ', words)}'.");
        }
    }

    private FaultyDisk Disk => house.Disk ?? throw new InvalidOperationException("The disk can be told to fail only when PIPELINE_RIG_DISK is 1.");

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
