using System.Collections.Immutable;

namespace Pipeline.Reliability.Checking;

/// <summary>One path: who may hold it, the last token drawn, the version and the content. By value.</summary>
public sealed class PathState : IEquatable<PathState>
{
    private readonly int _hash;

    public PathState(ImmutableArray<Holder> holders, long lastToken, long version, string content, long notBeforeUs)
    {
        (Holders, LastToken, Version, Content, NotBeforeUs) = (holders, lastToken, version, content, notBeforeUs);
        var hash = new HashCode();
        foreach (var holder in holders)
        {
            hash.Add(holder);
        }

        hash.Add(lastToken);
        hash.Add(version);
        hash.Add(content);
        hash.Add(notBeforeUs);
        _hash = hash.ToHashCode();
    }

    public static PathState Empty { get; } = new([], 0, 0, "", 0);

    /// <summary>Locks whose end nothing has shown yet, by token.</summary>
    public ImmutableArray<Holder> Holders { get; }

    /// <summary>The last token drawn, or the least that it can be.</summary>
    public long LastToken { get; }

    public long Version { get; }

    public string Content { get; }

    /// <summary>What has happened so far cannot have been over before this moment: a lock granted next begins no earlier.</summary>
    public long NotBeforeUs { get; }

    public PathState With(ImmutableArray<Holder> holders, long? lastToken = null, long notBeforeUs = 0) =>
        new(holders, lastToken ?? LastToken, Version, Content, Math.Max(NotBeforeUs, notBeforeUs));

    public PathState Written(string content) => new(Holders, LastToken, Version + 1, content, NotBeforeUs);

    public bool Equals(PathState? other) => other is not null && _hash == other._hash && LastToken == other.LastToken && Version == other.Version
        && NotBeforeUs == other.NotBeforeUs && Content == other.Content && Holders.AsSpan().SequenceEqual(other.Holders.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as PathState);

    public override int GetHashCode() => _hash;

    public override string ToString() =>
        $"held by [{string.Join(", ", Holders.Select(holder => $"{holder.Agent} {(holder.Exclusive ? "exclusive" : "shared")} token {(holder.TokenKnown ? "" : ">=")}{holder.Token}"))}], last token {LastToken}, version {Version}, content {Content}";
}
