using Pipeline.Storage.State;

namespace Pipeline.Tools.Assets;

/// <summary>Tells what the search index knows of a version. Declared here for <c>get_asset</c>; search answers it.</summary>
public interface IIndexState
{
    /// <summary>The state, or null when the index has never heard of the version.</summary>
    ValueTask<IndexState?> FindAsync(IQuery query, AssetRow row);
}

/// <summary>Where the index stands with a version.</summary>
/// <param name="State">Such as <c>queued</c>, <c>indexed</c> or <c>failed</c>.</param>
/// <param name="Entries">Entries by kind.</param>
/// <param name="Note">Why it is so, when that is not plain.</param>
public sealed record IndexState(string State, IReadOnlyDictionary<string, long>? Entries = null, string? Note = null);
