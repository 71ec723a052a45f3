using System.Globalization;
using System.Text;

namespace Pipeline.Tools.Contract;

/// <summary>
/// Normalization Form C (Unicode Standard Annex #15). .NET leaves text as it is when it runs without ICU, and this program asks for no ICU: then
/// two spellings of one name would be two assets.
/// </summary>
public static class Nfc
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Vowels = 21, Tails = 28, Leads = 19;

    private static readonly Lazy<CompositionData> Data = new(CompositionData.Load);

    /// <summary>The text in NFC.</summary>
    /// <exception cref="ArgumentException">The text has a surrogate without its pair.</exception>
    public static string Of(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text;
        }

        var points = new List<int>(text.Length);
        for (var at = 0; at < text.Length; at += char.IsHighSurrogate(text[at]) ? 2 : 1)
        {
            Decompose(char.ConvertToUtf32(text, at), points);
        }

        Order(points);
        return Compose(points);
    }

    private static void Decompose(int point, List<int> points)
    {
        if (point - HangulBase is >= 0 and < Leads * Vowels * Tails and var syllable)
        {
            points.Add(LeadBase + (syllable / (Vowels * Tails)));
            points.Add(VowelBase + (syllable % (Vowels * Tails) / Tails));
            if (syllable % Tails > 0)
            {
                points.Add(TailBase + (syllable % Tails));
            }
        }
        else if (Data.Value.Parts.TryGetValue(point, out var parts))
        {
            foreach (var part in parts)
            {
                Decompose(part, points);
            }
        }
        else
        {
            points.Add(point);
        }
    }

    // Runs of combining marks stand in the order of their classes, equal classes as they came.
    private static void Order(List<int> points)
    {
        for (var at = 1; at < points.Count; at++)
        {
            var rank = Data.Value.ClassOf(points[at]);
            for (var to = at; rank > 0 && to > 0 && Data.Value.ClassOf(points[to - 1]) > rank; to--)
            {
                (points[to - 1], points[to]) = (points[to], points[to - 1]);
            }
        }
    }

    private static string Compose(List<int> points)
    {
        var composed = new List<int>(points.Count);
        int starter = -1, before = -1;
        foreach (var point in points)
        {
            var rank = Data.Value.ClassOf(point);
            if (starter >= 0 && (before < rank || before < 0 || (before == 0 && starter == composed.Count - 1)) && Pair(composed[starter], point) is { } whole)
            {
                composed[starter] = whole;
                continue;
            }

            if (rank == 0)
            {
                starter = composed.Count;
            }

            before = rank == 0 ? -1 : rank;
            composed.Add(point);
        }

        return string.Concat(composed.Select(char.ConvertFromUtf32));
    }

    private static int? Pair(int first, int second)
    {
        if (first - LeadBase is >= 0 and < Leads and var lead && second - VowelBase is >= 0 and < Vowels and var vowel)
        {
            return HangulBase + (((lead * Vowels) + vowel) * Tails);
        }

        if (first - HangulBase is >= 0 and < Leads * Vowels * Tails and var syllable && syllable % Tails == 0 && second - TailBase is > 0 and < Tails and var tail)
        {
            return HangulBase + syllable + tail;
        }

        return Data.Value.Composites.TryGetValue((first, second), out var whole) ? whole : null;
    }

    private sealed record CompositionData(Dictionary<(int, int), int> Composites, Dictionary<int, int[]> Parts, Dictionary<int, byte> Classes)
    {
        public byte ClassOf(int point) => Classes.GetValueOrDefault(point);

        public static CompositionData Load()
        {
            var data = new CompositionData([], [], []);
            using var lines = new StreamReader(typeof(Nfc).Assembly.GetManifestResourceStream("composition.txt")!);
            while (lines.ReadLine() is { } line)
            {
                data.Read(line);
            }

            return data;
        }

        private void Read(string line)
        {
            if (line[0] == '#')
            {
                return;
            }

            var mark = line.AsSpan().IndexOfAny("+>:");
            if (line[mark] == '+')
            {
                int[] points = [.. line.Split('+', '=').Select(Point)];
                Composites[(points[0], points[1])] = points[2];
                Parts[points[2]] = points[..2];
            }
            else if (line[mark] == '>')
            {
                Parts[Point(line[..mark])] = [.. line[(mark + 1)..].Split(' ').Select(Point)];
            }
            else
            {
                foreach (var range in line[(mark + 1)..].Split(' ').Select(range => range.Split('-').Select(Point).ToArray()))
                {
                    for (var point = range[0]; point <= range[^1]; point++)
                    {
                        Classes[point] = byte.Parse(line[..mark], CultureInfo.InvariantCulture);
                    }
                }
            }
        }

        private static int Point(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
