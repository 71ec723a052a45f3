namespace Pipeline.Index;

/// <summary>How a field is compared with a condition's value. A field that is missing or of the other type never matches.</summary>
public enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
