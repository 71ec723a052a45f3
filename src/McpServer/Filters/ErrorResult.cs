using System.Text.Json;
using ModelContextProtocol.Protocol;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Filters;

/// <summary>The body of a refused call.</summary>
public sealed record ErrorBody(string Code, string Message, object? Facts, double? RetryAfterSeconds, string? Next);

/// <summary>Refusals as the protocol wants them: a result with <c>isError</c>, structured and readable.</summary>
internal static class ErrorResult
{
    public static readonly ErrorBody StorageFull =
        new("storage_full", "The disk that holds the data folder is full; nothing was written. Free space or remove assets, then try again.", null, 30, null);

    public static ErrorBody Damaged(ObjectDamagedException failure) => new("asset_damaged", failure.Message, new { failure.Sha256 }, null, "restore_asset");

    public static ErrorBody ObjectStoreFailed(StorageFailedException failure) => new("storage_failed", $"{failure.Message} Nothing was kept; try again later.", null, 5, null);

    /// <summary>The store is busy, out of reach, or was lost in the middle of a commit: what the caller can do about it.</summary>
    public static ErrorBody Unavailable(StorageFailedException failure) => new(
        failure.Busy ? "busy" : failure.Unknown ? "outcome_unknown" : "storage_unavailable", failure.Message, null, failure.RetryAfterSeconds,
        failure.Unknown ? "the same call with its idempotency_key" : null);

    public static CallToolResult Of(ErrorBody body)
    {
        body = body with { Message = Brief.Text(body.Message), Facts = Brief.Facts(body.Facts) };
        return new()
        {
            IsError = true,
            StructuredContent = JsonSerializer.SerializeToElement(body, Wire.Json),
            Content = [new TextContentBlock { Text = Wire.Write(body) }],
        };
    }
}
