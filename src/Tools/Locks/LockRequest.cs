using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Locks;

/// <summary>What a caller wants to lock, and how.</summary>
/// <param name="Assets">Sorted by address, each once: everyone takes them in the same order.</param>
/// <param name="Together">Whether the caller named a list.</param>
/// <param name="Mode">See <see cref="LockMode"/>.</param>
/// <param name="TtlMs">The lease in milliseconds.</param>
/// <param name="Purpose">Shown to those who wait.</param>
/// <param name="Principal">Who is accountable.</param>
/// <param name="Agent">Who holds.</param>
public sealed record LockRequest(
    IReadOnlyList<AssetName> Assets, bool Together, string Mode, long TtlMs, string? Purpose, string Principal, string Agent);
