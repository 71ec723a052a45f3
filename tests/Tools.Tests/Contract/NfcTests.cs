using System.Globalization;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Tests.Contract;

public sealed class NfcTests
{
    [Fact]
    public void It_agrees_with_another_implementation_on_its_vectors()
    {
        using var lines = new StreamReader(typeof(NfcTests).Assembly.GetManifestResourceStream("nfc.txt")!);
        var count = 0;
        while (lines.ReadLine() is { } line)
        {
            var sides = line.Split('>').Select(Text).ToArray();
            Assert.Equal(sides[1], Nfc.Of(sides[0]));
            Assert.Equal(sides[1], Nfc.Of(sides[1]));
            count++;
        }

        Assert.True(count >= 300);
    }

    [Fact]
    public void A_lone_surrogate_is_no_text() => Assert.ThrowsAny<ArgumentException>(() => Nfc.Of("a\ud800b"));

    private static string Text(string points) =>
        string.Concat(points.Split(' ').Select(point => char.ConvertFromUtf32(int.Parse(point, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
}
