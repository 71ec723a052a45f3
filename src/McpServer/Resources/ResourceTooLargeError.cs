using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Resources;

/// <summary>The resource is too large to travel in one answer.</summary>
public sealed class ResourceTooLargeError : ToolError
{
    public ResourceTooLargeError(string asset, long size_bytes, long max_bytes, Uri? download_url)
        : base("too_large", download_url is null
            ? $"'{asset}' has {size_bytes} bytes; a resource is read up to {max_bytes}. read_asset reads ranges of it, extract_segment cuts it."
            : $"'{asset}' has {size_bytes} bytes; a resource is read up to {max_bytes}. Fetch it from {download_url}, or read ranges with read_asset.") =>
        Facts = new { asset, size_bytes, max_bytes, download_url };
}
