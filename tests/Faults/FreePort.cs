using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Pipeline.Faults;

/// <summary>
/// Ports of loopback for servers that come back to the port they had: below those that the system gives to whoever asks for any, so that nobody
/// is given one between a kill and the next start.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const int Last = 32_000;

    private static int _next = RandomNumberGenerator.GetInt32(First, Last - 4_000);

    /// <summary>One that nobody listens on and that was not given before.</summary>
    public static int Next()
    {
        while (Interlocked.Increment(ref _next) is var port && port < Last)
        {
            try
            {
                using var free = new TcpListener(IPAddress.Loopback, port);
                free.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody's: the next.
            }
        }

        throw new InvalidOperationException($"No port up to {Last} is free.");
    }
}
