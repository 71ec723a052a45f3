using System.Collections;

namespace Pipeline.Tools.Routing;

/// <summary>The models that were not taken, those that could have been first, best first. Worded when first read.</summary>
internal sealed class Alternatives(Assessment found, int chosen, Cause cause) : IReadOnlyList<Alternative>
{
    private IReadOnlyList<Alternative>? _worded;

    public int Count => found.Cards.Length - 1;

    public Alternative this[int index] => Worded[index];

    private IReadOnlyList<Alternative> Worded => _worded ??= Wording.Alternatives(found, chosen, cause);

    public IEnumerator<Alternative> GetEnumerator() => Worded.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
