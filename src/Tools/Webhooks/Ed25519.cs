using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Pipeline.Tools.Webhooks;

/// <summary>
/// Signatures with ed25519 (RFC 8032) by OpenSSL's libcrypto, which .NET itself uses for cryptography on Linux; the framework has no ed25519 of its
/// own. Elsewhere OpenSSL 1.1.1 or newer must be installed.
/// </summary>
public static partial class Ed25519
{
    /// <summary>Length of the private key's seed and of the public key.</summary>
    public const int KeyBytes = 32;

    private const int SignatureBytes = 64;
    private const int KeyType = 1087; // NID_ED25519
    private const string Library = "libcrypto";

    private static readonly string[] Names = OperatingSystem.IsWindows() ? ["libcrypto-3-x64", "libcrypto-3-arm64", "libcrypto-1_1-x64"]
        : OperatingSystem.IsMacOS() ? ["/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib", "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib"]
        : ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so"];

    private static readonly nint Loaded = Load();

    static Ed25519() => NativeLibrary.SetDllImportResolver(typeof(Ed25519).Assembly, (name, _, _) => name == Library ? Loaded : 0);

    /// <summary>False when this machine has no OpenSSL: then nothing here works.</summary>
    public static bool IsAvailable => Loaded != 0;

    /// <summary>The public key of a seed.</summary>
    /// <exception cref="CryptographicException">The library refused.</exception>
    public static byte[] PublicKey(ReadOnlySpan<byte> seed)
    {
        using var key = Open(seed);
        var publicKey = new byte[KeyBytes];
        nuint length = KeyBytes;
        return GetRawPublicKey(key, publicKey, ref length) == 1 ? publicKey : throw Refused();
    }

    /// <summary>Signs a message.</summary>
    /// <exception cref="CryptographicException">The library refused.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message)
    {
        using var key = Open(seed);
        using var context = NewContext();
        var signature = new byte[SignatureBytes];
        nuint length = SignatureBytes;
        return DigestSignInit(context, 0, 0, 0, key) == 1 && DigestSign(context, signature, ref length, message, (nuint)message.Length) == 1 ? signature : throw Refused();
    }

    /// <summary>Whether a signature of a message holds; false also for what is no key or no signature.</summary>
    /// <exception cref="CryptographicException">This machine has no OpenSSL.</exception>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Require();
        if (publicKey.Length != KeyBytes || signature.Length != SignatureBytes)
        {
            return false;
        }

        using var key = NewRawPublicKey(KeyType, 0, publicKey, (nuint)publicKey.Length);
        using var context = NewContext();
        return !key.IsInvalid && DigestVerifyInit(context, 0, 0, 0, key) == 1 && DigestVerify(context, signature, (nuint)signature.Length, message, (nuint)message.Length) == 1;
    }

    private static void Require()
    {
        if (!IsAvailable)
        {
            throw new CryptographicException("ed25519 needs OpenSSL's libcrypto, which this machine has not.");
        }
    }

    private static KeyHandle Open(ReadOnlySpan<byte> seed)
    {
        Require();
        var key = NewRawPrivateKey(KeyType, 0, seed, (nuint)seed.Length);
        return key.IsInvalid ? throw Refused() : key;
    }

    private static CryptographicException Refused() => new("OpenSSL refused an ed25519 operation.");

    private static nint Load()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), DllImportSearchPath.SafeDirectories, out var library))
            {
                return library;
            }
        }

        return 0;
    }

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    private static partial KeyHandle NewRawPrivateKey(int type, nint engine, ReadOnlySpan<byte> seed, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    private static partial int GetRawPublicKey(KeyHandle key, Span<byte> publicKey, ref nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    private static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    private static partial ContextHandle NewContext();

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    private static partial int DigestSignInit(ContextHandle context, nint keyContext, nint digest, nint engine, KeyHandle key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    private static partial int DigestSign(ContextHandle context, Span<byte> signature, ref nuint length, ReadOnlySpan<byte> message, nuint messageLength);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    private static partial KeyHandle NewRawPublicKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    private static partial int DigestVerifyInit(ContextHandle context, nint keyContext, nint digest, nint engine, KeyHandle key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    private static partial int DigestVerify(ContextHandle context, ReadOnlySpan<byte> signature, nuint length, ReadOnlySpan<byte> message, nuint messageLength);

    private sealed class KeyHandle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            FreeKey(handle);
            return true;
        }
    }

    private sealed class ContextHandle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            FreeContext(handle);
            return true;
        }
    }
}
