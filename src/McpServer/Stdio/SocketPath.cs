using System.Security.Cryptography;
using System.Text;

namespace Pipeline.McpServer.Stdio;

/// <summary>Where the owner of a data folder listens: in the folder, or, when that path is too long for a socket, in the runtime directory.</summary>
internal static class SocketPath
{
    /// <summary>What the system's socket address holds beside its closing NUL; macOS has the smallest of those we run on.</summary>
    private const int MaxBytes = 103;

    public static string For(string dataFolder)
    {
        var root = Resolve(dataFolder);
        var inside = Path.Combine(root, "mcp.sock");
        if (Encoding.UTF8.GetByteCount(inside) <= MaxBytes)
        {
            return inside;
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(root)).AsSpan(0, 12));
        return Path.Combine(RuntimeFolder(), $"pipeline-{name}.sock");
    }

    private static string Resolve(string dataFolder)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(dataFolder));
        return Directory.Exists(full) ? Directory.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full : full;
    }

    /// <summary>A folder of this user only. Both ends also ask the system whose process is at the other, so a squatter gains nothing.</summary>
    private static string RuntimeFolder()
    {
        if (Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 and < 60 } given && Directory.Exists(given))
        {
            return given;
        }

        var folder = $"/tmp/pipeline-{Peer.OwnUid}";
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Directory.CreateDirectory(folder, Mine);
            File.SetUnixFileMode(folder, Mine);
        }

        return folder;
    }
}
