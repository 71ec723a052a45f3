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

    /// <summary>0 for a few plain words, 1 for a long prompt that asks for several hard things.</summary>
    public static double Of(string prompt)
    {
        var hard = 0;
        foreach (var word in Demanding)
        {
            if (prompt.Contains(word, StringComparison.OrdinalIgnoreCase)) hard++;
        }

        return Math.Min(1, (0.6 * Words(prompt) / LongWords) + (0.12 * hard));
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
