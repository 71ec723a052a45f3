using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>
/// What hostile files are after: a secret in text files and in a film of a size that nothing else has, and listeners that count who calls.
/// The secret's words stand in no hostile file, so wherever they turn up they were read.
/// </summary>
public sealed class Bait : IAsyncDisposable
{
    /// <summary>The size of the secret film.</summary>
    public const int Width = 222, Height = 166;

    private readonly CancellationTokenSource _stop = new();
    private readonly TcpListener _four = new(IPAddress.Loopback, 0);
    private readonly TcpListener _six = new(IPAddress.IPv6Loopback, 0);
    private readonly UdpClient _datagrams = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Socket _local = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly byte[] _film;
    private int _calls;

    public Bait(string folder)
    {
        Directory.CreateDirectory(folder);
        Folder = folder;
        Token = "canary" + Guid.NewGuid().ToString("N");
        SecretText = Path.Combine(folder, "passwords.txt");
        File.WriteAllText(SecretText, $"{Token}\n{Token}\n");
        SecretFilm = Path.Combine(folder, "private.ts");
        Samples.Run("ffmpeg", $"-v error -nostdin -f lavfi -i color=magenta:s={Width}x{Height}:r=10:d=1 -c:v libx264 -pix_fmt yuv420p -metadata service_provider={Token} -f mpegts -y {SecretFilm}");
        _film = File.ReadAllBytes(SecretFilm);
        UnixSocket = Path.Combine(folder, "s");
        Environment.SetEnvironmentVariable("HOSTILE_FILE_SECRET", Token);
        _four.Start();
        _six.Start();
        _local.Bind(new UnixDomainSocketEndPoint(UnixSocket));
        _local.Listen();
        _ = AnswerAsync(_four.Server);
        _ = AnswerAsync(_six.Server);
        _ = AnswerAsync(_local);
        _ = HearAsync();
    }

    public string Folder { get; }

    public string Token { get; }

    public string SecretText { get; }

    public string SecretFilm { get; }

    public string UnixSocket { get; }

    public string Http => $"http://127.0.0.1:{((IPEndPoint)_four.LocalEndpoint).Port}/private.ts";

    public string HttpSix => $"http://[::1]:{((IPEndPoint)_six.LocalEndpoint).Port}/private.ts";

    public string Tcp => $"tcp://127.0.0.1:{((IPEndPoint)_four.LocalEndpoint).Port}";

    public string Udp => $"udp://127.0.0.1:{UdpPort}";

    public int UdpPort => ((IPEndPoint)_datagrams.Client.LocalEndPoint!).Port;

    /// <summary>Connections and datagrams that came.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Plants the secret beside and inside a data folder.</summary>
    public void PlantIn(string data)
    {
        File.Copy(SecretText, Path.Combine(data, "passwords.txt"));
        File.Copy(SecretFilm, Path.Combine(data, "private.ts"));
        File.Copy(SecretText, Path.Combine(Path.GetDirectoryName(data)!, "passwords.txt"));
    }

    /// <summary>Whether something that came out holds the secret.</summary>
    public bool IsIn(string text) => text.Contains(Token, StringComparison.Ordinal) || text.Contains($"\"width\":{Width}", StringComparison.Ordinal);

    public bool IsIn(ReadOnlySpan<byte> bytes) => bytes.IndexOf(Encoding.ASCII.GetBytes(Token)) >= 0;

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("HOSTILE_FILE_SECRET", null);
        await _stop.CancelAsync();
        _four.Dispose();
        _six.Dispose();
        _datagrams.Dispose();
        _local.Dispose();
        _stop.Dispose();
    }

    // Whoever calls gets the film, as a web server would send it.
    private async Task AnswerAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                using var caller = await listener.AcceptAsync(_stop.Token);
                Interlocked.Increment(ref _calls);
                await caller.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.0 200 OK\r\nContent-Length: {_film.Length}\r\n\r\n"), SocketFlags.None, _stop.Token);
                await caller.SendAsync(_film, SocketFlags.None, _stop.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task HearAsync()
    {
        try
        {
            while (true)
            {
                await _datagrams.ReceiveAsync(_stop.Token);
                Interlocked.Increment(ref _calls);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
