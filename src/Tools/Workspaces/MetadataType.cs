namespace Pipeline.Tools.Workspaces;

/// <summary>Types of metadata fields.</summary>
public enum MetadataType
{
    Text,
    Number,
    Integer,
    Boolean,

    /// <summary>Seconds from the first frame.</summary>
    Timestamp,

    /// <summary>A list of text.</summary>
    TextList,

    /// <summary>A list of numbers.</summary>
    NumberList,

    /// <summary>Any JSON object.</summary>
    Object,
}
