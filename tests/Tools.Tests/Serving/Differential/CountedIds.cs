using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Tests.Serving.Differential;

/// <summary>Identifiers in the order in which they are asked for, the same in every house; and no jitter.</summary>
internal sealed class CountedIds : Ids
{
    private long _drawn;

    public override double Chance() => 0.5;

    protected override char[] Draw(int length) => Interlocked.Increment(ref _drawn).ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(length, '0').ToCharArray();
}
