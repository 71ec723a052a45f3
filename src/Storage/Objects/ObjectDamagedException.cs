namespace Pipeline.Storage.Objects;

/// <summary>The bytes on disk are not those that the object's name stands for. None of them is served.</summary>
public sealed class ObjectDamagedException(string sha256)
    : IOException($"The stored bytes of object {sha256} have changed on disk. 'pipeline scrub' names the assets; put the same bytes again to mend them.")
{
    /// <summary>The object's name.</summary>
    public string Sha256 => sha256;
}
