using System.Globalization;
using System.Text;
using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Compose;

/// <summary>One line of text with its time.</summary>
public sealed record Caption(double StartSeconds, double EndSeconds, string Text);

/// <summary>Text that goes on or beside pictures: checked, stripped of what is not text, and written as SubRip.</summary>
public static class Captions
{
    /// <summary>The most characters in one text.</summary>
    public const int MaxChars = 2000;

    /// <exception cref="InvalidMediaOptionError">Empty or too long.</exception>
    public static void CheckText(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxChars)
        {
            throw new InvalidMediaOptionError("text", $"it must have 1 to {MaxChars} characters.");
        }
    }

    /// <summary>The text without control and direction characters.</summary>
    public static string Plain(string text) =>
        string.Concat(text.ReplaceLineEndings("\n").EnumerateRunes().Where(rune => rune.Value == '\n' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)));

    /// <summary>SubRip, with the marks that it would take for styling made harmless.</summary>
    public static string SubRip(IEnumerable<Caption> captions)
    {
        var text = new StringBuilder();
        var number = 0;
        foreach (var caption in captions.OrderBy(caption => caption.StartSeconds))
        {
            var line = string.Join('\n', Plain(caption.Text).Replace('<', '‹').Replace('>', '›').Replace('{', '(').Replace('}', ')').Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            text.Append(CultureInfo.InvariantCulture, $"{++number}\n{Time(caption.StartSeconds)} --> {Time(caption.EndSeconds)}\n{line}\n\n");
        }

        return text.ToString();
    }

    private static string Time(double seconds) => TimeSpan.FromSeconds(seconds) is var time ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:00}:{time:mm\\:ss\\,fff}") : "";
}
