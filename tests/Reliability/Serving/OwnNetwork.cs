using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Pipeline.Reliability.Serving;

/// <summary>
/// A network namespace for one server, joined to this machine by one wire that can be cut. Inside, 127.0.0.1 is this machine, so that who lives there
/// needs no other settings; it listens on an address of its own in 127.0.0.0/8, which this machine reaches over the wire. Nothing has a name that
/// could be left behind: the kernel takes it all away with the last process inside, and those end when we do.
/// </summary>
public sealed class OwnNetwork : IAsyncDisposable
{
    private const string OuterMac = "02:00:00:00:00:01";
    private const string InnerMac = "02:00:00:00:00:02";
    private const string NobodysMac = "02:00:00:00:00:03";

    private readonly Process _holder;
    private readonly string _wire;
    private readonly (string Outer, string Inner) _ends;

    private OwnNetwork(Process holder, string wire, int block)
    {
        (_holder, _wire) = (holder, wire);
        var (high, low) = (block >> 6 & 0xff, (block & 0x3f) * 4);
        _ends = (Text($"10.213.{high}.{low + 1}"), Text($"10.213.{high}.{low + 2}"));
        Address = IPAddress.Parse(Text($"127.213.{high}.{low + 2}"));
    }

    /// <summary>Where those inside can listen.</summary>
    public IPAddress Address { get; }

    /// <summary>What stands before the command of a program that is to live inside. It becomes that program: same process, same streams.</summary>
    public IReadOnlyList<string> Into => ["nsenter", "-t", _holder.Id.ToString(CultureInfo.InvariantCulture), "-n"];

    /// <summary>Makes one.</summary>
    /// <param name="number">Unique in this process.</param>
    /// <exception cref="InvalidOperationException">This system does not let us; the message says why.</exception>
    public static async Task<OwnNetwork> MakeAsync(int number)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException("network namespaces are made by root on Linux");
        }

        // It keeps the namespace until its input ends, which is no later than we do.
        var holder = Start("unshare", ["-n", "sh", "-c", "echo in; exec cat"]);
        var block = ((Environment.ProcessId * 8) + number) & 0x3fff;
        var network = new OwnNetwork(holder, Text($"rig{Environment.ProcessId}w{number}"), block);
        try
        {
            if (await holder.StandardOutput.ReadLineAsync() != "in")
            {
                throw new InvalidOperationException(await holder.StandardError.ReadToEndAsync());
            }

            await network.JoinFirstAsync();
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on whatever either end sends is lost without a word.</summary>
    public Task CutAsync() => PointAsync(NobodysMac, NobodysMac);

    /// <summary>Ends the cut.</summary>
    public Task JoinAsync() => PointAsync(InnerMac, OuterMac);

    public async ValueTask DisposeAsync()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }

    // The route to the address inside stands in the table that is asked first, where this machine claims all of 127.0.0.0/8 for itself.
    private Task JoinFirstAsync() => RunAsync($"""
        ip link add {_wire} address {OuterMac} type veth peer name wire address {InnerMac} netns {_holder.Id}
        ip addr add {_ends.Outer}/30 dev {_wire}
        ip link set {_wire} up
        echo 1 > /proc/sys/net/ipv4/conf/{_wire}/route_localnet
        {Inside} ip addr add {_ends.Inner}/30 dev wire
        {Inside} ip addr add {Address}/32 dev wire
        {Inside} ip link set wire up
        {Inside} sh -c 'echo 1 > /proc/sys/net/ipv4/conf/wire/route_localnet'
        {Inside} ip route add 127.0.0.1/32 via {_ends.Outer} dev wire src {Address}
        ip route add {Address}/32 via {_ends.Inner} dev {_wire} table local
        {Neighbours(InnerMac, OuterMac)}
        """);

    private Task PointAsync(string fromOuter, string fromInner) => RunAsync(Neighbours(fromOuter, fromInner));

    // A frame for a station that is not there is dropped by whoever gets it.
    private string Neighbours(string fromOuter, string fromInner) => $"""
        ip neigh replace {_ends.Inner} lladdr {fromOuter} dev {_wire} nud permanent
        {Inside} ip neigh replace {_ends.Outer} lladdr {fromInner} dev wire nud permanent
        """;

    private string Inside => string.Join(' ', Into);

    private static async Task RunAsync(string script)
    {
        using var shell = Start("sh", ["-ec", script]);
        shell.StandardInput.Close();
        var said = await Task.WhenAll(shell.StandardError.ReadToEndAsync(), shell.StandardOutput.ReadToEndAsync());
        await shell.WaitForExitAsync();
        if (shell.ExitCode != 0)
        {
            throw new InvalidOperationException($"no network namespace could be joined by a wire: {string.Concat(said).Trim()}");
        }
    }

    private static Process Start(string program, IEnumerable<string> words)
    {
        try
        {
            return BuiltPrograms.StartOther(program, words);
        }
        catch (System.ComponentModel.Win32Exception absent)
        {
            throw new InvalidOperationException($"{program} is not there: {absent.Message}", absent);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
