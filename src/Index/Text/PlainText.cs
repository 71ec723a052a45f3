using System.Globalization;
using System.Text;

namespace Pipeline.Index.Text;

/// <summary>Text fit to be shown: others wrote it, so nothing in it may steer a terminal, a reader or the direction of writing.</summary>
public static class PlainText
{
    /// <summary>
    /// The text without control, format and bidirectional characters or lone surrogates, with every run of white space as one space, trimmed.
    /// The two joiners stay, because Persian and Indic scripts need them to spell.
    /// </summary>
    public static string Of(string text)
    {
        var clean = new StringBuilder(text.Length);
        var gap = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                gap = true;
            }
            else if (Keeps(rune))
            {
                if (gap && clean.Length > 0)
                {
                    clean.Append(' ');
                }

                gap = false;
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    private static bool Keeps(Rune rune) => rune.Value is 0x200C or 0x200D || (rune != Rune.ReplacementChar && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned));
}
