namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>Every hostile file there is, written by code.</summary>
internal static class Corpus
{
    public static IReadOnlyList<string> Classes { get; } = ["reference", "polyglot", "movie", "bomb", "change", "times", "size", "words", "mutation"];

    /// <summary>The files of one class.</summary>
    public static IReadOnlyList<HostileFile> Of(string kind, Bait bait, Samples samples) => [.. (kind switch
    {
        "reference" or "polyglot" => References.All(bait, samples),
        "movie" => Movies.All(samples),
        "bomb" => Bombs.All(),
        "mutation" => Mutations.All(samples),
        _ => Streams.All(samples),
    }).Where(file => file.Class == kind)];
}
