using System.Text;

namespace Pipeline.Index.Text;

/// <summary>
/// What both back ends index and ask for: English stems, and for scripts without spaces single characters and pairs. A term is always made
/// of the letters a to z and digits, so it cannot be anyone's query syntax; one with other letters is spelled as <c>u</c> and its UTF-16
/// code units in hexadecimal.
/// </summary>
public static class Terms
{
    private const int MostQueryTerms = 48;

    /// <summary>The terms of a text to index, in order, repeated as they are in the text.</summary>
    public static IReadOnlyList<string> OfText(string text)
    {
        var terms = new List<string>();
        foreach (var word in Words.Of(text))
        {
            if (IsUnspaced(word))
            {
                terms.AddRange(Pieces(word, 1));
                terms.AddRange(Pieces(word, 2));
            }
            else
            {
                terms.Add(Spell(PorterStemmer.Stem(word)));
            }
        }

        return terms;
    }

    /// <summary>
    /// The distinct terms that a question is looked up by: without stop words unless there is nothing else, pairs only where a run of a script
    /// without spaces is longer than one character, at most 48.
    /// </summary>
    public static IReadOnlyList<string> OfQuery(string text)
    {
        var words = Words.Of(text);
        var content = words.Where(word => !StopWords.Contains(word)).ToList();
        return Distinct(content.Count > 0 ? content : words);
    }

    /// <summary>The distinct terms that what was found is ranked by: stop words too, since <c>on</c> and <c>off</c> tell answers apart.</summary>
    public static IReadOnlyList<string> OfRanking(string text) => Distinct(Words.Of(text));

    internal static bool IsUnspaced(string word)
    {
        Rune.DecodeFromUtf16(word, out var first, out _);
        return Words.Unspaced(first.Value);
    }

    private static List<string> Distinct(IEnumerable<string> words) => [.. words
        .SelectMany(static word => !IsUnspaced(word) ? [Spell(PorterStemmer.Stem(word))] : Pieces(word, word.EnumerateRunes().Skip(1).Any() ? 2 : 1))
        .Distinct(StringComparer.Ordinal).Take(MostQueryTerms)];

    private static IEnumerable<string> Pieces(string word, int length)
    {
        var runes = word.EnumerateRunes().Select(static rune => rune.ToString()).ToList();
        for (var at = 0; at + length <= runes.Count; at++)
        {
            yield return Spell(length == 1 ? runes[at] : runes[at] + runes[at + 1]);
        }
    }

    private static string Spell(string term) => term.All(char.IsAsciiLetterOrDigit)
        ? term
        : "u" + Convert.ToHexStringLower(Encoding.BigEndianUnicode.GetBytes(term));
}
