using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Models;

/// <summary>A card names a provider that the operator has not set up: there would be nobody to call.</summary>
public sealed class UnknownProviderError : ToolError
{
    public UnknownProviderError(string provider, IReadOnlyCollection<string> known) : base("unknown_provider",
        $"There is no provider '{provider}' here; there are {string.Join(", ", known)}. Its address, its key's name and its commands come only from the operator's file: ask the operator to add it there, then register the card.") =>
        Facts = new { provider, known };
}
