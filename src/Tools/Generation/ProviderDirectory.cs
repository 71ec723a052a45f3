using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Generation;

/// <summary>The providers of this server by the name that cards use.</summary>
public sealed class ProviderDirectory(IEnumerable<IProvider> providers) : IProviderRoll
{
    // The first of a name counts: the house's own stand before the operator's.
    private readonly Dictionary<string, IProvider> _byName = providers.DistinctBy(provider => provider.Name, StringComparer.Ordinal).ToDictionary(provider => provider.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<string> Providers => _byName.Keys;

    public IProvider? Find(string name) => _byName.GetValueOrDefault(name);

    /// <exception cref="NoProviderError">Nobody set it up.</exception>
    public IProvider Require(string name) => Find(name) ?? throw new NoProviderError(name, _byName.Keys.Order(StringComparer.Ordinal));
}
