namespace Pipeline.McpServer.Demo;

/// <summary>A webhook that arrived and whose signature held.</summary>
/// <param name="Event">Its kind.</param>
/// <param name="Asset">The version that it is about.</param>
public sealed record WebhookSeen(string DeliveryId, string Event, string? Asset, DateTimeOffset At);
