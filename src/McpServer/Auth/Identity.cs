using Pipeline.Tools.Calls;

namespace Pipeline.McpServer.Auth;

/// <summary>Who is on the other end of a connection, as far as the door can prove it.</summary>
public sealed record Identity
{
    /// <summary>The one caller of a door that asks for no key: whoever reaches it is the operator.</summary>
    public static Identity Operator { get; } = new() { Principal = "local", Role = Role.Admin, Egress = true };

    /// <summary>The principal's name; null when the client's own name decides, see <see cref="PrincipalFor"/>.</summary>
    public string? Principal { get; init; }

    /// <summary>Tells two clients of one name apart. It stays the same when a relay reconnects.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>What the principal may do.</summary>
    public Role Role { get; init; }

    /// <summary>The workspaces it may see; null means all.</summary>
    public IReadOnlyList<string>? Workspaces { get; init; }

    /// <summary>Whether its calls may leave for public addresses.</summary>
    public bool Egress { get; init; }

    /// <summary>The principal of a call by a client that says its name is <paramref name="clientName"/>.</summary>
    public string PrincipalFor(string? clientName) =>
        Principal ?? $"{(string.IsNullOrWhiteSpace(clientName) ? "client" : clientName)}-{Suffix}";
}
