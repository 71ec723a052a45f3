namespace Pipeline.Tools.Runs;

/// <summary>
/// Lets those in this process who want to know the same look once for all of them. Who comes while a look is under way shares the next one, so that
/// what happened before a caller came is always seen.
/// </summary>
public sealed class SharedLooks
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    /// <summary>What a look found that began after this call, and the caller's place among those who share it, from 0.</summary>
    /// <param name="what">What is looked at: the same text, the same look.</param>
    /// <param name="look">Looks on behalf of so many callers. It is one caller's, and goes on for the others should that one give up.</param>
    public async Task<(T Seen, int Place)> JoinAsync<T>(string what, Func<int, Task<T>> look)
    {
        Line? line;
        Round round;
        int place;
        lock (_gate)
        {
            if (!_lines.TryGetValue(what, out line))
            {
                _lines[what] = line = new();
            }

            round = line.Next ??= new();
            place = round.Joined++;
        }

        if (place == 0)
        {
            await LeadAsync(what, line, round, look).ConfigureAwait(false);
        }

        return ((T)await round.Seen.Task.ConfigureAwait(false), place);
    }

    private async Task LeadAsync<T>(string what, Line line, Round round, Func<int, Task<T>> look)
    {
        await line.Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        int joined;
        lock (_gate)
        {
            (line.Next, line.Running, joined) = (null, round.Seen.Task, round.Joined);
        }

        try
        {
            round.Seen.SetResult((await look(joined).ConfigureAwait(false))!);
        }
        catch (Exception failure)
        {
            round.Seen.SetException(failure);
        }

        lock (_gate)
        {
            if (line.Next is null)
            {
                _lines.Remove(what);
            }
        }
    }

    // Whoever leads the next round is alone in doing so until it starts, so Running changes under nobody's feet.
    private sealed class Line
    {
        public Task Running { get; set; } = Task.CompletedTask;

        public Round? Next { get; set; }
    }

    private sealed class Round
    {
        public TaskCompletionSource<object> Seen { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Joined { get; set; }
    }
}
