namespace Pipeline.Index;

/// <summary>A text or a number; a truth value is the text <c>true</c> or <c>false</c>. Exactly one of the two is set.</summary>
public readonly record struct FieldValue
{
    private FieldValue(string? text, double? number) => (Text, Number) = (text, number);

    public string? Text { get; }

    public double? Number { get; }

    public static FieldValue Of(string text) => new(text, null);

    public static FieldValue Of(double number) => new(null, number);

    public static FieldValue Of(bool truth) => new(truth ? "true" : "false", null);
}
