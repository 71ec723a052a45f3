namespace Pipeline.Tools.Audit;

/// <summary>Walks a chain entry by entry and notes the first that does not follow from the one before it.</summary>
/// <param name="previousSequence">Where the walk begins: the sequence of the entry before, 0 at the start.</param>
/// <param name="previousHash">That entry's hash.</param>
public sealed class ChainCheck(long previousSequence, string previousHash)
{
    private long _sequence = previousSequence;
    private string _hash = previousHash;

    /// <summary>Sequence of the first entry that is missing or is not what was written; null while all is well.</summary>
    public long? BrokenAt { get; private set; }

    /// <summary>Takes the next entry.</summary>
    public void Next(AuditRow row)
    {
        var follows = row.Sequence == _sequence + 1 && row.Hash == AuditChain.Link(_hash, row);
        BrokenAt ??= follows ? null : _sequence + 1;
        (_sequence, _hash) = (row.Sequence, row.Hash);
    }

    /// <summary>Holds the end of the walk against the head that the log remembers.</summary>
    public void End(AuditHead head)
    {
        if (_sequence != head.Sequence || _hash != head.Hash)
        {
            BrokenAt ??= Math.Min(_sequence, head.Sequence) + (_sequence == head.Sequence ? 0 : 1);
        }
    }
}
