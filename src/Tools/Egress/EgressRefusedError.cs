using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Egress;

/// <summary>The address asked for is one that the server does not send requests to.</summary>
public sealed class EgressRefusedError : ToolError
{
    /// <param name="host">The host as written.</param>
    /// <param name="reason">What is wrong with it, as the end of a sentence that begins with the host.</param>
    public EgressRefusedError(string host, string reason) : base("egress_refused",
        $"The server sends no request to '{host}': it {reason}. Only public addresses over http or https are allowed, and hosts that the operator lists in PIPELINE_EGRESS_HOSTS.") =>
        Facts = new { host, reason };
}
