using System.Text.Json.Nodes;

namespace Pipeline.Tools.Plans.Expressions;

/// <summary>A part of a parsed expression and where it began.</summary>
public abstract record Node(int Position);

public sealed record Literal(int Position, JsonNode? Value) : Node(Position);

/// <summary><c>root.member[0][*]</c>.</summary>
public sealed record PathNode(int Position, string Root, IReadOnlyList<Segment> Segments) : Node(Position);

public sealed record Unary(int Position, string Operator, Node Operand) : Node(Position);

public sealed record Binary(int Position, string Operator, Node Left, Node Right) : Node(Position);

public sealed record Call(int Position, string Function, IReadOnlyList<Node> Arguments) : Node(Position);

/// <summary>One step of a path.</summary>
public abstract record Segment;

public sealed record Member(string Name) : Segment;

public sealed record Element(int Index) : Segment;

/// <summary><c>[*]</c>: the rest of the path is taken of every element, giving a list.</summary>
public sealed record Every : Segment;
