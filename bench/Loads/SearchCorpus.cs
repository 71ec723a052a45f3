using Pipeline.Index;

namespace Pipeline.Bench.Loads;

/// <summary>Captions of films, each film about some things more than about others, and questions about them; the same for the same seed.</summary>
internal sealed class SearchCorpus(int seed)
{
    public const int EntriesPerFilm = 1_000;
    private const int SeedStep = 1_000_003;
    private const int Vocabulary = 6_000;
    private const int TopicWords = 60;
    private static readonly string[] Syllables = ["ba", "ren", "to", "li", "sha", "mor", "ku", "vin", "del", "pa", "ro", "sti", "gan", "fe", "nol", "tri"];
    private static readonly string[] Small = ["a", "the", "in", "on", "with", "and", "of", "to", "his", "her"];

    private readonly string[] _words = [.. Enumerable.Range(0, Vocabulary).Select(Spell)];

    /// <summary>One film's captions.</summary>
    public IReadOnlyList<IndexEntry> Film(int film)
    {
        var random = new Random((seed * SeedStep) + film);
        return [.. Enumerable.Range(0, EntriesPerFilm).Select(place => new IndexEntry
        {
            Kind = EntryKind.FrameTag,
            Text = Sentence(random, film, random.Next(5, 14)),
            StartSeconds = place * 4,
            EndSeconds = (place * 4) + 4,
            Label = place % 100 == 0 ? "chapter" : "shot",
        })];
    }

    /// <summary>A question about one of the first <paramref name="films"/> films.</summary>
    public string Question(int question, int films)
    {
        var random = new Random(~((seed * SeedStep) + question));
        return "when does " + Sentence(random, random.Next(films), random.Next(3, 7));
    }

    private string Sentence(Random random, int film, int words) =>
        string.Join(' ', Enumerable.Range(0, words).Select(place => place % 3 == 2 ? Small[random.Next(Small.Length)] : Word(random, film)));

    // Two words in three are of the film's topic, the rest of the language; common words are much commoner than rare ones, as in speech.
    private string Word(Random random, int film)
    {
        var rank = Math.Pow(random.NextDouble(), 3);
        return random.Next(3) < 2 ? _words[(int)(((film * 7919L) + (long)(TopicWords * rank * 37)) % Vocabulary)] : _words[(int)(Vocabulary * rank)];
    }

    private static string Spell(int word)
    {
        var spelled = "";
        for (var rest = word + Syllables.Length; rest > 0; rest /= Syllables.Length)
        {
            spelled += Syllables[rest % Syllables.Length];
        }

        return spelled;
    }
}
