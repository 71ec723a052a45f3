namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>A file that wants something. <paramref name="Reaches"/>: it names other files or addresses.</summary>
public sealed record HostileFile(string Class, string Name, byte[] Content, bool Reaches = false)
{
    public override string ToString() => $"{Class}/{Name}";
}
