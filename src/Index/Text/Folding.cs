using System.Collections.Frozen;
using System.Text;

namespace Pipeline.Index.Text;

/// <summary>
/// Folds letters for comparison: lower case, without accents, full-width and circled forms as plain ones, composed Hangul. It is a table of our
/// own because the runtime's normalisation needs ICU, which the product runs without.
/// </summary>
public static class Folding
{
    // A plain form, then the characters (already lower case) that stand for it: Unicode's NFKD without combining accents, and letters with strokes.
    private const string Forms =
        "0=０⁰₀⓪ 1=¹１₁① 10=⑩ 11=⑪ 12=⑫ 13=⑬ 14=⑭ 15=⑮ 16=⑯ 17=⑰ 18=⑱ 19=⑲ 2=²２₂② 20=⑳ 3=³３₃③ 4=４⁴₄④ 5=５⁵₅⑤ 6=６⁶₆⑥ 7=７⁷₇⑦ 8=８⁸₈⑧ 9=９⁹₉⑨ "
        + "a=ªàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặａₐⓐ ae=æǣǽ aʾ=ẚ b=ḃḅḇｂℬⓑ c=çćĉċčḉｃℂℭⓒ d=ðďđḋḍḏḑḓｄⅅⅆⓓ dz=ǆǳ e=èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệｅₑℯℰⅇⓔ "
        + "f=ḟｆℱⓕ fax=℻ ff=ﬀ ffi=ﬃ ffl=ﬄ fi=ﬁ fl=ﬂ g=ĝğġģǧǵḡｇℊⓖ h=ĥħȟḣḥḧḩḫẖｈₕℋℌℍℎℏⓗ i=ìíîïĩīĭįİıǐȉȋḭḯỉịｉⁱℐℑℹⅈⓘ ij=ĳ j=ĵǰｊⅉⓙ k=ķǩḱḳḵｋₖⓚ "
        + "l=ĺļľłḷḹḻḽｌₗℒℓⓛ lj=ǉ m=ḿṁṃｍₘℳⓜ n=ñńņňǹṅṇṉṋｎⁿₙℕⓝ nj=ǌ no=№ o=ºòóôõöøōŏőơǒǫǭǿȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợｏₒℴⓞ oe=œ p=ṕṗｐₚℙⓟ q=ｑℚⓠ "
        + "r=ŕŗřȑȓṙṛṝṟｒℛℜℝⓡ s=śŝşšſșṡṣṥṧṩẛｓₛⓢ sm=℠ ss=ß st=ﬅﬆ t=ţťțṫṭṯṱẗｔₜⓣ tel=℡ th=þ tm=™ u=ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữựｕⓤ v=ṽṿｖⓥ "
        + "w=ŵẁẃẅẇẉẘｗⓦ x=ẋẍｘₓⓧ y=ýÿŷȳẏẙỳỵỷỹｙⓨ z=źżžẑẓẕｚℤℨⓩ ə=ₔ ɛ=ℇ ʒ=ǯ ʹ=ʹ ʼn=ŉ α=ἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷά β=ϐ γ=ℽℾ ε=ἐἑἒἓἔἕὲέέϵ "
        + "η=ἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇή θ=ϑ ι=ἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗΐίϊ κ=ϰ μ=µ ο=ὀὁὂὃὄὅὸόό π=ϖℼℿ ρ=ῤῥϱ σ=ςϲ υ=ὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧΰϋύϒϓϔ φ=ϕ "
        + "ω=ὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷώ а=ӑӓ г=ѓ е=ѐёӗ ж=ӂӝ з=ӟ и=йѝӣӥ к=ќ о=ӧ у=ўӯӱӳ ч=ӵ ы=ӹ э=ӭ і=ї ѵ=ѷ ә=ӛ ө=ӫ א=ℵ ב=ℶ ג=ℷ ד=ℸ ᄀ=ﾡ ᄁ=ﾢ ᄂ=ﾤ "
        + "ᄃ=ﾧ ᄄ=ﾨ ᄅ=ﾩ ᄆ=ﾱ ᄇ=ﾲ ᄈ=ﾳ ᄉ=ﾵ ᄊ=ﾶ ᄋ=ﾷ ᄌ=ﾸ ᄍ=ﾹ ᄎ=ﾺ ᄏ=ﾻ ᄐ=ﾼ ᄑ=ﾽ ᄒ=ﾾ ᄚ=ﾰ ᄡ=ﾴ ᅠ=ﾠ ᅡ=ￂ ᅢ=ￃ ᅣ=ￄ ᅤ=ￅ ᅥ=ￆ ᅦ=ￇ ᅧ=ￊ ᅨ=ￋ ᅩ=ￌ ᅪ=ￍ ᅫ=ￎ ᅬ=ￏ ᅭ=ￒ "
        + "ᅮ=ￓ ᅯ=ￔ ᅰ=ￕ ᅱ=ￖ ᅲ=ￗ ᅳ=ￚ ᅴ=ￛ ᅵ=ￜ ᆪ=ﾣ ᆬ=ﾥ ᆭ=ﾦ ᆰ=ﾪ ᆱ=ﾫ ᆲ=ﾬ ᆳ=ﾭ ᆴ=ﾮ ᆵ=ﾯ ァ=ｧ ア=ｱ ィ=ｨ イ=ｲ ゥ=ｩ ウ=ｳ ェ=ｪ エ=ｴ ォ=ｫ オ=ｵ カ=ｶ キ=ｷ ク=ｸ ケ=ｹ コ=ｺ "
        + "サ=ｻ シ=ｼ ス=ｽ セ=ｾ ソ=ｿ タ=ﾀ チ=ﾁ ッ=ｯ ツ=ﾂ テ=ﾃ ト=ﾄ ナ=ﾅ ニ=ﾆ ヌ=ﾇ ネ=ﾈ ノ=ﾉ ハ=ﾊ ヒ=ﾋ フ=ﾌ ヘ=ﾍ ホ=ﾎ マ=ﾏ ミ=ﾐ ム=ﾑ メ=ﾒ モ=ﾓ ャ=ｬ ヤ=ﾔ ュ=ｭ ユ=ﾕ ョ=ｮ ヨ=ﾖ "
        + "ラ=ﾗ リ=ﾘ ル=ﾙ レ=ﾚ ロ=ﾛ ワ=ﾜ ヲ=ｦ ン=ﾝ ー=ｰ";

    private static readonly FrozenDictionary<char, string> Plain = Forms.Split(' ')
        .Select(form => (form, cut: form.IndexOf('=', StringComparison.Ordinal)))
        .SelectMany(pair => pair.form[(pair.cut + 1)..].Select(letter => KeyValuePair.Create(letter, pair.form[..pair.cut])))
        .ToFrozenDictionary();

    /// <summary>The folded text; combining accents of Latin, Greek and Cyrillic letters are gone.</summary>
    public static string Of(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var lower = Rune.ToLowerInvariant(rune);
            if (lower.Value is >= 0x0300 and <= 0x036F)
            {
                continue;
            }

            if (!lower.IsBmp)
            {
                folded.Append(lower.ToString());
            }
            else if (Plain.TryGetValue((char)lower.Value, out var plain))
            {
                folded.Append(plain);
            }
            else if (!ComposesHangul(folded, (char)lower.Value))
            {
                folded.Append((char)lower.Value);
            }
        }

        return folded.ToString();
    }

    // Unicode Standard, section 3.12: conjoining jamo make syllables by arithmetic.
    private static bool ComposesHangul(StringBuilder text, char letter)
    {
        if (text.Length == 0)
        {
            return false;
        }

        var before = text[^1];
        if (letter is >= '\u1161' and <= '\u1175' && before is >= '\u1100' and <= '\u1112')
        {
            text[^1] = (char)(0xAC00 + ((((before - 0x1100) * 21) + (letter - 0x1161)) * 28));
            return true;
        }

        if (letter is >= '\u11A8' and <= '\u11C2' && before is >= '\uAC00' and <= '\uD7A3' && (before - 0xAC00) % 28 == 0)
        {
            text[^1] = (char)(before + (letter - 0x11A7));
            return true;
        }

        return false;
    }
}
