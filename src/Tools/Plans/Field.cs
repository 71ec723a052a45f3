namespace Pipeline.Tools.Plans;

/// <summary>A named input, output or metric of a capability.</summary>
public sealed record Field(string Name, FieldType Type, string Summary, bool Required = false);
