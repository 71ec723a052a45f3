namespace Pipeline.Index.Text;

/// <summary>English stems by M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980.</summary>
public static class PorterStemmer
{
    private static readonly (string Suffix, string Stem)[] Second =
    [
        ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"), ("alli", "al"),
        ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"), ("ator", "ate"), ("alism", "al"),
        ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"), ("iviti", "ive"), ("biliti", "ble"),
    ];

    private static readonly (string Suffix, string Stem)[] Third =
        [("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", "")];

    private static readonly string[] Fourth =
    [
        "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive", "ize", "ion", "al", "er", "ic", "ou",
    ];

    /// <summary>The stem of a lower-case word; a word that is not of the letters a to z, or shorter than three, stays as it is.</summary>
    public static string Stem(string word)
    {
        if (word.Length < 3 || !word.All(char.IsAsciiLetterLower))
        {
            return word;
        }

        word = Inflection(Plural(word));
        if (word[^1] == 'y' && HasVowel(word.AsSpan(0, word.Length - 1)))
        {
            word = word[..^1] + "i";
        }

        word = Replace(Replace(word, Second), Third);
        return Last(Strip(word));
    }

    private static string Plural(string word) => word switch
    {
        _ when word.EndsWith("sses", StringComparison.Ordinal) || word.EndsWith("ies", StringComparison.Ordinal) => word[..^2],
        _ when word[^1] == 's' && word[^2] != 's' => word[..^1],
        _ => word,
    };

    private static string Inflection(string word)
    {
        if (word.EndsWith("eed", StringComparison.Ordinal))
        {
            return Measure(word.AsSpan(0, word.Length - 3)) > 0 ? word[..^1] : word;
        }

        var cut = word.EndsWith("ed", StringComparison.Ordinal) ? 2 : word.EndsWith("ing", StringComparison.Ordinal) ? 3 : 0;
        if (cut == 0 || !HasVowel(word.AsSpan(0, word.Length - cut)))
        {
            return word;
        }

        var stem = word[..^cut];
        return stem switch
        {
            _ when stem.EndsWith("at", StringComparison.Ordinal) || stem.EndsWith("bl", StringComparison.Ordinal) || stem.EndsWith("iz", StringComparison.Ordinal) => stem + "e",
            _ when DoubleConsonant(stem) && stem[^1] is not ('l' or 's' or 'z') => stem[..^1],
            _ when Measure(stem) == 1 && ShortEnd(stem) => stem + "e",
            _ => stem,
        };
    }

    private static string Replace(string word, (string Suffix, string Stem)[] rules)
    {
        foreach (var (suffix, stem) in rules)
        {
            if (word.EndsWith(suffix, StringComparison.Ordinal))
            {
                return Measure(word.AsSpan(0, word.Length - suffix.Length)) > 0 ? string.Concat(word.AsSpan(0, word.Length - suffix.Length), stem) : word;
            }
        }

        return word;
    }

    private static string Strip(string word)
    {
        foreach (var suffix in Fourth)
        {
            if (word.EndsWith(suffix, StringComparison.Ordinal))
            {
                var stem = word[..^suffix.Length];
                return Measure(stem) > 1 && (suffix != "ion" || stem[^1] is 's' or 't') ? stem : word;
            }
        }

        return word;
    }

    private static string Last(string word)
    {
        if (word[^1] == 'e')
        {
            var stem = word[..^1];
            var measure = Measure(stem);
            word = measure > 1 || (measure == 1 && !ShortEnd(stem)) ? stem : word;
        }

        return word[^1] == 'l' && DoubleConsonant(word) && Measure(word) > 1 ? word[..^1] : word;
    }

    // How many times a run of vowels is followed by a run of consonants.
    private static int Measure(ReadOnlySpan<char> stem)
    {
        var (count, vowels) = (0, false);
        for (var at = 0; at < stem.Length; at++)
        {
            var vowel = Vowel(stem, at);
            count += vowels && !vowel ? 1 : 0;
            vowels = vowel;
        }

        return count;
    }

    private static bool Vowel(ReadOnlySpan<char> word, int at) =>
        word[at] is 'a' or 'e' or 'i' or 'o' or 'u' || (word[at] == 'y' && at > 0 && !Vowel(word, at - 1));

    private static bool HasVowel(ReadOnlySpan<char> stem)
    {
        for (var at = 0; at < stem.Length; at++)
        {
            if (Vowel(stem, at))
            {
                return true;
            }
        }

        return false;
    }

    private static bool DoubleConsonant(string word) => word.Length > 1 && word[^1] == word[^2] && !Vowel(word, word.Length - 1);

    private static bool ShortEnd(string word) => word.Length > 2
        && !Vowel(word, word.Length - 1) && Vowel(word, word.Length - 2) && !Vowel(word, word.Length - 3) && word[^1] is not ('w' or 'x' or 'y');
}
