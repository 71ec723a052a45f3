using System.Text.Json.Nodes;
using Pipeline.Storage.Objects;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Assets;

/// <summary>What is to become the next version of an asset. The bytes are in the object store already.</summary>
/// <param name="Name">The path.</param>
/// <param name="Content">The object.</param>
/// <param name="MediaType">Such as <c>video/mp4</c>.</param>
/// <param name="Lineage">Where it came from.</param>
/// <param name="Metadata">Its metadata; held against the workspace's schema.</param>
public sealed record NewVersion(AssetName Name, StoredObject Content, string MediaType, Lineage Lineage, JsonObject? Metadata = null);
