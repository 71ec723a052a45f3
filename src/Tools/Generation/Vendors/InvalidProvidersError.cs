using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>The operator's file of providers cannot be used; the message names the provider and the field, and never a key.</summary>
public sealed class InvalidProvidersError : ToolError
{
    public InvalidProvidersError(string message, object? facts = null) : base("invalid_providers", message) => Facts = facts;
}
