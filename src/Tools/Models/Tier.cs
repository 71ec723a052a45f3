namespace Pipeline.Tools.Models;

/// <summary>What a model's output is for. Ordered: a later one is dearer and better.</summary>
public enum Tier
{
    Draft,
    Delivery,
    Premium,
}
