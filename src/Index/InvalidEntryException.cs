namespace Pipeline.Index;

/// <summary>An entry that cannot be indexed.</summary>
/// <param name="position">Its place in the list given, from 0.</param>
/// <param name="reason">What is wrong and what would be right.</param>
public sealed class InvalidEntryException(int position, string reason) : Exception($"Entry {position}: {reason}")
{
    public int Position { get; } = position;

    public string Reason { get; } = reason;
}
