using System.Globalization;
using System.Text;

namespace Pipeline.Tools.Contract;

/// <summary>What names are made of, so that two that look the same are the same.</summary>
public static class Visible
{
    /// <summary>True for text of at most so many characters that is not blank and holds no control, format or bidirectional character.</summary>
    public static bool IsName(string text, int longest) => text.Length <= longest && !string.IsNullOrWhiteSpace(text) && !text.EnumerateRunes().Any(IsUnseen);

    /// <summary>True for a character that nobody sees, or that changes how others are seen.</summary>
    public static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
