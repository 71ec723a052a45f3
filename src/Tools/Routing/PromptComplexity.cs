namespace Pipeline.Tools.Routing;

/// <summary>How much a prompt asks for: a rule of thumb over its length and what it mentions, no model.</summary>
public static class PromptComplexity
{
    private const int LongWords = 60;

    private static readonly string[] Demanding =
    [
        "camera", "dolly", "tracking", "close-up", "wide shot", "depth of field", "lighting", "reflection", "crowd", "characters",
        "dialogue", "lip", "consistent", "slow motion", "transition", "then", "while", "photorealistic", "cinematic",
    ];

    /// <summary>The places of <see cref="Demanding"/> by first letter; null for letters with which none begins.</summary>
    private static readonly int[]?[] ByLetter =
    [
        .. Enumerable.Range('a', 26).Select(letter => Enumerable.Range(0, Demanding.Length).Where(word => Demanding[word][0] == letter).ToArray()).Select(words => words.Length == 0 ? null : words),
    ];

    /// <summary>0 for a few plain words, 1 for a long prompt that asks for several hard things.</summary>
    public static double Of(string prompt) =>
        Math.Min(1, (0.6 * Words(prompt) / LongWords) + (0.12 * Hard(prompt)));

    // How many of the words it mentions, each once, in one pass.
    private static int Hard(ReadOnlySpan<char> prompt)
    {
        uint mentioned = 0;
        for (var at = 0; at + 1 < prompt.Length; at++)
        {
            var letter = (prompt[at] | 0x20) - 'a';
            if ((uint)letter >= 26 || ByLetter[letter] is not { } words) continue;
            foreach (var word in words)
            {
                // Two letters tell nearly all words apart.
                if ((prompt[at + 1] | 0x20) == Demanding[word][1] && prompt[at..].StartsWith(Demanding[word], StringComparison.OrdinalIgnoreCase)) mentioned |= 1u << word;
            }
        }

        return System.Numerics.BitOperations.PopCount(mentioned);
    }

    private static int Words(string prompt)
    {
        var (words, inside) = (0, false);
        foreach (var letter in prompt)
        {
            var isBlank = char.IsWhiteSpace(letter);
            if (!isBlank && !inside) words++;
            inside = !isBlank;
        }

        return words;
    }
}
