using System.Globalization;
using System.Text;

namespace Pipeline.Index.Text;

/// <summary>Splits text into words, folded by <see cref="Folding"/>.</summary>
public static class Words
{
    private const int LongestWord = 64;

    /// <summary>
    /// The words in order. A possessive <c>'s</c> and apostrophes within words are dropped. Runs of scripts that are written without spaces
    /// (Han, kana, Thai, Lao, Khmer, Myanmar) come as one word each; see <see cref="Unspaced"/>. Any other word longer than 64 characters is cut there.
    /// </summary>
    public static IReadOnlyList<string> Of(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var unspaced = false;
        foreach (var rune in Folding.Of(text).EnumerateRunes())
        {
            if (rune.Value is '\'' or 0x2019 && word.Length > 0)
            {
                word.Append('\'');
            }
            else if (Rune.IsLetterOrDigit(rune) || (IsMark(rune) && (unspaced || !Drops(rune)) && word.Length > 0))
            {
                var runs = Unspaced(rune.Value) || (unspaced && IsMark(rune));
                if (runs != unspaced)
                {
                    End(words, word, unspaced);
                }

                unspaced = runs;
                word.Append(rune.ToString());
            }
            else if (!Drops(rune))
            {
                End(words, word, unspaced);
            }
        }

        End(words, word, unspaced);
        return words;
    }

    /// <summary>True for the code points of scripts that are written without spaces between words.</summary>
    public static bool Unspaced(int codePoint) => codePoint is
        (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF)
        or (>= 0x3040 and <= 0x30FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Vowel points of Hebrew and Arabic, and characters that cannot be seen; other scripts spell their vowels with marks.
    private static bool Drops(Rune rune) => rune.Value is (>= 0x0591 and <= 0x05C7) or (>= 0x0610 and <= 0x061A)
        or (>= 0x064B and <= 0x0670) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format;

    private static void End(List<string> words, StringBuilder word, bool unspaced)
    {
        if (word.Length == 0)
        {
            return;
        }

        var whole = word.ToString().TrimEnd('\'');
        word.Clear();
        whole = (whole.EndsWith("'s", StringComparison.Ordinal) ? whole[..^2] : whole).Replace("'", "", StringComparison.Ordinal);
        if (whole.Length > 0)
        {
            words.Add(whole.Length <= LongestWord || unspaced ? whole : whole[..LongestWord]);
        }
    }
}
