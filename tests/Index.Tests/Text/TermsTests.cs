using Pipeline.Index.Text;

namespace Pipeline.Index.Tests.Text;

public sealed class TermsTests
{
    [Theory]
    [InlineData("When does she open the door?", "open door")]
    [InlineData("to be or not to be", "to be or not")]
    [InlineData("opens OPENING opened", "open")]
    [InlineData("", "")]
    public void A_question_becomes_its_telling_terms(string text, string terms) => Assert.Equal(terms, string.Join(' ', Terms.OfQuery(text)));

    [Fact]
    public void Every_term_is_letters_and_digits() =>
        Assert.All(Terms.OfText("NEAR(\"a\" *) Ünïcode 東京 émigré 😀 ａ\u200Bb Ёлка 한국"), term => Assert.Matches("^[a-z0-9]+$", term));

    [Fact]
    public void Scripts_without_spaces_are_single_characters_and_pairs()
    {
        Assert.Equal(5, Terms.OfText("東京都").Count);
        Assert.Equal(2, Terms.OfQuery("東京都").Count);
        Assert.Single(Terms.OfQuery("都"));
        Assert.Subset(Terms.OfText("東京都").ToHashSet(), Terms.OfQuery("京都").ToHashSet());
    }

    [Theory]
    [InlineData("Crème BRÛLÉE", "creme brulee")]
    [InlineData("Cre\u0300me", "creme")]
    [InlineData("Straße Łódź Øre Æther", "strasse lodz ore aether")]
    [InlineData("ΆΛΦΑΣ Ёж", "αλφασ еж")]
    [InlineData("ＡＢ１", "ab1")]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "한글")]
    [InlineData("don\u2019t Ann's", "dont ann")]
    public void Words_are_folded(string text, string words) => Assert.Equal(words, string.Join(' ', Words.Of(text)));

    [Fact]
    public void A_question_is_bounded() => Assert.Equal(48, Terms.OfQuery(string.Join(' ', Enumerable.Range(0, 1000))).Count);

    [Theory]
    [InlineData("caresses", "caress")]
    [InlineData("ponies", "poni")]
    [InlineData("agreed", "agre")]
    [InlineData("plastered", "plaster")]
    [InlineData("motoring", "motor")]
    [InlineData("sing", "sing")]
    [InlineData("hopping", "hop")]
    [InlineData("filing", "file")]
    [InlineData("happy", "happi")]
    [InlineData("relational", "relat")]
    [InlineData("vietnamization", "vietnam")]
    [InlineData("electricity", "electr")]
    [InlineData("hopefulness", "hope")]
    [InlineData("adjustment", "adjust")]
    [InlineData("adoption", "adopt")]
    [InlineData("controlling", "control")]
    [InlineData("rate", "rate")]
    [InlineData("is", "is")]
    [InlineData("x2s", "x2s")]
    public void Stems_are_porters(string word, string stem) => Assert.Equal(stem, PorterStemmer.Stem(word));

    [Fact]
    public void Common_terms_are_left_out_when_rare_ones_do()
    {
        var frequencies = new Dictionary<string, long> { ["person"] = 900, ["door"] = 50, ["violin"] = 2 };
        Assert.Equal(["violin", "door"], QueryPlan.Of(["person", "door", "violin", "never"], frequencies, 500).Terms);
        Assert.Equal(["person"], QueryPlan.Of(["person"], frequencies, 500).Terms);
        Assert.Equal(952, QueryPlan.Of(["person", "door", "violin"], frequencies, 1000).Matches);
    }

    [Fact]
    public void Plain_text_steers_nothing()
    {
        Assert.Equal("a b c", PlainText.Of("\u202Ea\u0000\r\n\tb\u200B \u001B \u2066c\uD800 "));
        Assert.Equal("می\u200Cخواهم é", PlainText.Of("  می\u200Cخواهم é"));
    }
}
