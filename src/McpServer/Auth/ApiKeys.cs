using System.Security.Cryptography;
using System.Text;

namespace Pipeline.McpServer.Auth;

/// <summary>The keys the operator handed out. Only their SHA-256 is known here.</summary>
public sealed class ApiKeys
{
    private readonly (byte[] Hash, Identity Identity)[] _known;

    /// <param name="known">SHA-256 of a key (32 bytes) and whom it stands for.</param>
    public ApiKeys(IEnumerable<(byte[] Hash, Identity Identity)> known)
    {
        _known = [.. known];
        if (Array.Exists(_known, static entry => entry.Hash.Length != SHA256.HashSizeInBytes))
        {
            throw new ArgumentException("A key's hash is a SHA-256: 32 bytes.", nameof(known));
        }
    }

    /// <summary>Whom the key stands for, or null. Every entry is compared in full, so the time taken tells nothing.</summary>
    public Identity? Find(string key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), hash);
        Identity? found = null;
        foreach (var (known, identity) in _known)
        {
            if (CryptographicOperations.FixedTimeEquals(known, hash))
            {
                found = identity;
            }
        }

        return found;
    }
}
