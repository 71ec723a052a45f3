using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Webhooks;

/// <summary>The machine lacks what an asymmetric signature needs.</summary>
public sealed class SigningUnavailableError() : ToolError("signing_unavailable",
    "v1a signatures (ed25519) need OpenSSL's libcrypto, which the server's machine has not; subscribe with signature v1, or have OpenSSL 3 installed there.");
