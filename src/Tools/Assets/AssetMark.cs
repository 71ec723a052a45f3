namespace Pipeline.Tools.Assets;

/// <summary>A place in the list of assets that goes from the last written backwards.</summary>
/// <param name="CreatedAtMs">When the version there was written.</param>
/// <param name="Workspace">Its workspace.</param>
/// <param name="Path">Its path.</param>
public sealed record AssetMark(long CreatedAtMs, string Workspace, string Path)
{
    /// <summary>Before the newest.</summary>
    public static AssetMark Newest { get; } = new(long.MaxValue, "", "");
}
