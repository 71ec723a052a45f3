using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

/// <summary>What was found of one model.</summary>
internal struct Verdict
{
    /// <summary>Bits of <see cref="Models.Misfit"/> and <see cref="Routing.Objection"/>; 0 when nothing speaks against it.</summary>
    public int Against;

    /// <summary>-1 when there is no price.</summary>
    public long CostMicros;

    public double LatencySeconds;

    public double Quality;

    public double Reliability;

    public double Score;

    /// <summary>Whether all its slots are taken: it is then taken last.</summary>
    public bool IsFull;

    public readonly bool IsOpen => Against == 0;

    /// <summary>Whether it only has to wait.</summary>
    public readonly bool IsPassing => Against != 0 && (Against & ~(int)Objection.Passing) == 0;

    public readonly Misfit Misfit => (Misfit)(Against & 0xffff);

    public readonly bool Has(Objection objection) => (Against & (int)objection) != 0;
}
