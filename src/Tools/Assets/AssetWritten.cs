namespace Pipeline.Tools.Assets;

/// <summary>The version that a write made.</summary>
public sealed record AssetWritten(string Asset, long Version, string Sha256, long SizeBytes, string MediaType)
{
    internal static AssetWritten From(AssetRow row) => new($"{row.Workspace}/{row.Path}", row.Version, row.Sha256, row.SizeBytes, row.MediaType);
}
