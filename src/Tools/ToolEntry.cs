using Pipeline.Tools.Contract;

namespace Pipeline.Tools;

/// <summary>A tool's class and what its attribute says of it.</summary>
public sealed record ToolEntry(Type Type, ToolAttribute About);
