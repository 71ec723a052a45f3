using System.Net;
using System.Text.RegularExpressions;

namespace Pipeline.Index.Transcripts;

/// <summary>Takes the markup out of a cue's text: WebVTT and SRT tags, SubStation positions, character references.</summary>
internal static partial class CueMarkup
{
    /// <summary>The bare text, and the speaker that a WebVTT voice tag names.</summary>
    public static (string Text, string? Speaker) Strip(string text)
    {
        var voice = Voice().Match(text);
        var bare = WebUtility.HtmlDecode(Tag().Replace(Position().Replace(text, ""), ""));
        return (bare, voice.Success ? WebUtility.HtmlDecode(voice.Groups[1].Value).Trim() : null);
    }

    [GeneratedRegex(@"<v(?:\.[^\s>]*)?\s+([^>]{1,200})>", RegexOptions.NonBacktracking)]
    private static partial Regex Voice();

    // Only what looks like a tag or a time goes: "x < y" stays.
    [GeneratedRegex(@"</?(?:[a-zA-Z][^<>]*|\d[\d:.]*)?>", RegexOptions.NonBacktracking)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\{\\[^{}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Position();
}
