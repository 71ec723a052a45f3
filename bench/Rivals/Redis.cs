using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Pipeline.Bench.Rivals;

/// <summary>
/// Redis as its documentation has it for a single instance (redis.io, "Distributed Locks with Redis"): SET NX PX with a random value, released by a
/// script that compares it; appendfsync always, so that what it answered is on disk.
/// </summary>
internal sealed class Redis : IRivalLock
{
    private const string Release = "if redis.call('get',KEYS[1]) == ARGV[1] then return redis.call('del',KEYS[1]) else return 0 end";

    private readonly Process _server;
    private readonly string _socket;

    private Redis(Process server, string socket) => (_server, _socket) = (server, socket);

    public string Name => "redis SET NX PX + script, appendfsync always";

    /// <summary>Starts a server of its own; null when Redis is not installed.</summary>
    public static async Task<IRivalLock?> TryStartAsync(string folder)
    {
        if (RivalProgram.Find("redis-server") is not { } program)
        {
            return null;
        }

        var socket = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "redis")).FullName, "redis.sock");
        var server = RivalProgram.Start(program, ["--port", "0", "--unixsocket", socket, "--dir", Path.GetDirectoryName(socket)!, "--save", "", "--appendonly", "yes", "--appendfsync", "always"]);
        await RivalProgram.UntilAsync(server, () => Task.FromResult(File.Exists(socket)));
        return new Redis(server, socket);
    }

    public async Task<IRivalCaller> ConnectAsync(int caller)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(_socket));
        return new Caller(new NetworkStream(socket, ownsSocket: true), $"clip-{caller}");
    }

    public ValueTask DisposeAsync() => RivalProgram.StopAsync(_server);

    private sealed class Caller(NetworkStream stream, string path) : IRivalCaller
    {
        private readonly byte[] _answer = new byte[256];

        public async Task PairAsync()
        {
            var value = RandomNumberGenerator.GetHexString(32);
            Expect("+OK", await AskAsync("SET", path, value, "NX", "PX", "30000"));
            Expect(":1", await AskAsync("EVAL", Release, "1", path, value));
        }

        public ValueTask DisposeAsync() => stream.DisposeAsync();

        private async Task<string> AskAsync(params string[] words)
        {
            var request = new StringBuilder().Append('*').Append(words.Length).Append("\r\n");
            foreach (var word in words)
            {
                request.Append('$').Append(Encoding.UTF8.GetByteCount(word)).Append("\r\n").Append(word).Append("\r\n");
            }

            await stream.WriteAsync(Encoding.UTF8.GetBytes(request.ToString()));
            var length = 0;
            do
            {
                length += await stream.ReadAsync(_answer.AsMemory(length));
            }
            while (_answer[length - 1] != (byte)'\n');
            return Encoding.UTF8.GetString(_answer, 0, length).TrimEnd();
        }

        private static void Expect(string wanted, string answer)
        {
            if (answer != wanted)
            {
                throw new InvalidOperationException($"Redis answered '{answer}', not '{wanted}'.");
            }
        }
    }
}
