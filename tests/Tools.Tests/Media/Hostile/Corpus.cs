namespace Pipeline.Tools.Tests.Media.Hostile;

/// <summary>Every hostile file there is, written by code.</summary>
internal static class Corpus
{
    public static IReadOnlyList<string> Classes { get; } = ["reference", "polyglot", "movie", "bomb", "change", "times", "size", "words", "mutation"];

    public static IReadOnlyList<HostileFile> All(Bait bait, Samples samples) =>
        [.. References.All(bait, samples), .. Movies.All(samples), .. Bombs.All(), .. Streams.All(samples), .. Mutations.All(samples)];
}
