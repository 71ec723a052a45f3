using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Director;

/// <summary>Follows a run: waits for events of the workspace and looks at the run whenever there are some.</summary>
public sealed class RunWatch(Connection connection, string workspace, string runId)
{
    private const double WaitSeconds = 15;

    // Events come in flocks; a look at the run costs more than a moment's patience.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(150);

    private JsonNode? _cursor;

    /// <summary>The run now.</summary>
    public async Task<RunView> LookAsync(CancellationToken ct) =>
        RunView.From(await connection.ReadAsync("get_run", new { run_id = runId }, ct).ConfigureAwait(false));

    /// <summary>Returns when something happened in the workspace, or after a while.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        var answer = await connection.ReadAsync("wait_events", new { workspace, since = _cursor, wait_seconds = WaitSeconds }, ct).ConfigureAwait(false);
        _cursor = answer["cursor"]?.DeepClone() ?? _cursor;
        await Task.Delay(Least, connection.Time, ct).ConfigureAwait(false);
    }
}
