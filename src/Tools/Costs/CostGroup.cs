namespace Pipeline.Tools.Costs;

/// <summary>By what a cost report adds up.</summary>
public enum CostGroup
{
    Step,
    Model,
    Request,
    Tier,
    Capability,
    Run,
    Provider,
}
