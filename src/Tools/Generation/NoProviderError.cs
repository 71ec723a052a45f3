using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Generation;

/// <summary>The model's provider is not set up on this server. Nothing was reserved.</summary>
public sealed class NoProviderError : ToolError
{
    public NoProviderError(string provider, IEnumerable<string> configured)
        : base("no_provider", $"No provider '{provider}' is configured; the operator adds it to providers.json. Take a model of another provider.")
    {
        Facts = new { provider, configured };
        Next = "list_models";
    }
}
