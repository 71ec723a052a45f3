namespace Pipeline.Tools.Plans;

/// <summary>The types of a capability's inputs and outputs.</summary>
public enum FieldType
{
    Any,
    Text,
    Number,
    Integer,
    Boolean,

    /// <summary>A text <c>workspace/path</c>, optionally with <c>@version</c>.</summary>
    Asset,
    List,
    AssetList,
    NumberList,
    TextList,
    Object,
}
