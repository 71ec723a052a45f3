using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Pipeline.McpServer.Stdio;

/// <summary>Whose process is at the other end of a Unix socket. The system says so; neither side can lie.</summary>
internal static partial class Peer
{
    private const int LinuxSocketLevel = 1; // SOL_SOCKET
    private const int LinuxPeerCredentials = 17; // SO_PEERCRED: pid, uid, gid

    /// <summary>The user this process runs as.</summary>
    public static uint OwnUid { get; } = OperatingSystem.IsWindows() ? 0 : GetEffectiveUser();

    /// <summary>Whether the other end runs as the same user. Windows guards the socket by the folder's access list instead.</summary>
    public static bool IsSameUser(Socket socket)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        if (OperatingSystem.IsLinux())
        {
            Span<int> credentials = stackalloc int[3];
            return socket.GetRawSocketOption(LinuxSocketLevel, LinuxPeerCredentials, MemoryMarshal.AsBytes(credentials)) == 12
                && (uint)credentials[1] == OwnUid;
        }

        return GetPeer((int)socket.Handle, out var user, out _) == 0 && user == OwnUid;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "getpeereid", SetLastError = true)]
    private static partial int GetPeer(int socket, out uint user, out uint group);
}
