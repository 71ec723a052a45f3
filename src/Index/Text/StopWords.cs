using System.Collections.Frozen;

namespace Pipeline.Index.Text;

/// <summary>English words that say nothing about what is looked for. Other languages are served by how common a term is in the index.</summary>
internal static class StopWords
{
    private static readonly FrozenSet<string> Words = (
        "a about all also am an and any are as at be because been being but by can could did do does doing for from had has have having he her hers "
        + "herself him himself his how i if in into is it its itself just me my myself no nor not of on or our ours please she should show so some "
        + "such than that the their theirs them themselves then there these they this those to too us very was we were what when where which while "
        + "who whom whose why will with would you your yours").Split(' ').ToFrozenSet(StringComparer.Ordinal);

    /// <summary>True for a folded, unstemmed word that carries no content.</summary>
    public static bool Contains(string word) => Words.Contains(word);
}
