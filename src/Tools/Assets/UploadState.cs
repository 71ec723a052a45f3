namespace Pipeline.Tools.Assets;

/// <summary>How far an upload is.</summary>
/// <param name="OffsetBytes">Bytes that are safely on disk: go on from here.</param>
/// <param name="SizeBytes">Bytes that will be there.</param>
/// <param name="Written">The version that it became, once it is whole.</param>
public sealed record UploadState(long OffsetBytes, long SizeBytes, AssetWritten? Written);
