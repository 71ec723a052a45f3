using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Workers;

/// <summary>A craft's hands: the step, and calls that carry its claim, its locks and keys made of it.</summary>
public sealed class StepWork(Connection connection, ClaimedStep step)
{
    private readonly ConcurrentDictionary<OutputLock, bool> _locks = new();

    public ClaimedStep Step { get; } = step;

    public JsonObject Inputs => Step.Inputs;

    public TimeProvider Time => connection.Time;

    internal ICollection<OutputLock> Locks => _locks.Keys;

    /// <summary>A text input that the step cannot do without.</summary>
    public string Need(string name) => Inputs.Text(name) ?? throw new CraftFailed("missing_input", $"{Step.Capability} needs the text '{name}'.");

    /// <summary>Calls a tool that changes nothing.</summary>
    public Task<JsonObject> ReadAsync(string tool, object arguments, CancellationToken ct) => connection.ReadAsync(tool, arguments, ct);

    /// <summary>The same with pictures and links.</summary>
    public Task<CallToolResult> LookAsync(string tool, object arguments, CancellationToken ct) => connection.RawAsync(tool, Wire.Object(arguments), ct);

    /// <summary>Calls a tool that changes something other than an asset.</summary>
    /// <param name="purpose">Tells this intent from the step's others.</param>
    public Task<JsonObject> ChangeAsync(string tool, object arguments, string purpose, CancellationToken ct) =>
        connection.ChangeAsync(tool, arguments, Step.Intent(purpose), ct);

    /// <summary>The same for an intent that outlives the claim.</summary>
    public Task<JsonObject> ChangeOnceAsync(string tool, object arguments, string purpose, CancellationToken ct) =>
        connection.ChangeAsync(tool, arguments, Step.LastingIntent(purpose), ct);

    /// <summary>Calls a tool that writes an asset, under the step's claim and under the lock.</summary>
    public Task<JsonObject> WriteAsync(string tool, object arguments, OutputLock held, string purpose, CancellationToken ct) =>
        WriteAsAsync(tool, arguments, held, Step.Intent(purpose), ct);

    /// <summary>The same for an intent that outlives the claim, such as something bought.</summary>
    public Task<JsonObject> WriteOnceAsync(string tool, object arguments, OutputLock held, string purpose, CancellationToken ct) =>
        WriteAsAsync(tool, arguments, held, Step.LastingIntent(purpose), ct);

    private Task<JsonObject> WriteAsAsync(string tool, object arguments, OutputLock held, string intent, CancellationToken ct)
    {
        var written = (JsonObject)Wire.Object(arguments).DeepClone();
        written["lock_token"] = held.Token;
        if (Step.Claim is { } claim) written["claim"] = claim;
        return connection.ChangeAsync(tool, written, intent, ct);
    }

    /// <summary>Takes the path that is about to be written.</summary>
    public async Task<OutputLock> LockAsync(string asset, CancellationToken ct)
    {
        var held = await OutputLock.TakeAsync(connection, Step, Unversioned(asset), gone => _locks.TryRemove(gone, out _), ct).ConfigureAwait(false);
        _locks[held] = true;
        return held;
    }

    /// <summary>Asks the router which model does this step, of those that the server can call: this program has no vendors of its own.</summary>
    public async Task<RoutedModel> RouteAsync(CancellationToken ct) =>
        RoutedModel.From(await ChangeAsync("route_step", new { run_id = Step.RunId, step_id = Step.StepId, constraints = new { served = true } }, "route", ct).ConfigureAwait(false));

    /// <summary>A name without its version: what is locked and written is always the path.</summary>
    public static string Unversioned(string asset)
    {
        var at = asset.LastIndexOf('@');
        return at > 0 && at < asset.Length - 1 && asset.AsSpan(at + 1).IndexOfAnyExceptInRange('0', '9') < 0 ? asset[..at] : asset;
    }

    /// <summary>The version that a writing tool reports, as <c>workspace/path@version</c>.</summary>
    public static string Pinned(JsonObject written) => $"{Unversioned(written.Text("asset") ?? "")}@{written.Whole("version")}";
}
