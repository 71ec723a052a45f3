namespace Pipeline.Reliability.Checking;

/// <summary>The search through the orders of one key's history: depth first, each position once.</summary>
internal sealed class OrderSearch<TState, TAction>(ISequentialModel<TState, TAction> model, Timetable<TAction> table)
    where TState : class, IEquatable<TState>
{
    private const int StepsBetweenLooks = 256;

    private readonly HashSet<(int Place, TState State, Taken Taken)> _seen = [];
    private readonly Stack<Position> _stack = [];
    private Position? _furthest;

    /// <summary>How many different positions were looked at.</summary>
    public long Configurations => _seen.Count;

    /// <summary>The operation whose return no order reached so far explains; null when all were.</summary>
    public int? StuckOn => _furthest is { } furthest && furthest.StuckOn < table.Returns ? table.Operations[furthest.StuckOn].Id : null;

    /// <summary>The state at the end of the longest order.</summary>
    public string FurthestState => _furthest?.State.ToString() ?? "";

    /// <summary>Searches until an order is found, none is left, or <paramref name="mayGoOn"/> says no.</summary>
    public Finding Run(Func<bool> mayGoOn)
    {
        Push(null, 0, model.Initial, Taken.None, -1);
        for (var steps = 1; _stack.TryPeek(out var position); steps++)
        {
            if (position.Place == table.Returns)
            {
                return Finding.Ok;
            }

            if (steps % StepsBetweenLooks == 0 && !mayGoOn())
            {
                return Finding.Undecided;
            }

            if (position.Taken.Has(position.Place))
            {
                _stack.Pop();
                Push(position, position.Place + 1, position.State, position.Taken.Without(position.Place), -1);
            }
            else if (position.NextChoice == table.Choices(position.Place))
            {
                _stack.Pop();
            }
            else
            {
                Try(position, table.Choice(position.Place, position.NextChoice++));
            }
        }

        return Finding.Violated;
    }

    /// <summary>Ids of the longest order, first to last.</summary>
    public IReadOnlyList<int> Furthest()
    {
        var order = new List<int>();
        for (var position = _furthest; position is not null; position = position.Before)
        {
            for (var at = position.Added.Count - 1; at >= 0; at--)
            {
                order.Add(table.Operations[position.Added[at]].Id);
            }
        }

        order.Reverse();
        return order;
    }

    private void Try(Position position, int place)
    {
        if (!position.Taken.Has(place) && model.Apply(position.State, table.Operations[place]) is { } next)
        {
            Push(position, position.Place, next, position.Taken.With(place), place);
        }
    }

    private void Push(Position? before, int place, TState state, Taken taken, int added)
    {
        var list = added < 0 ? new List<int>() : [added];
        if (place < table.Returns)
        {
            taken = Observe(place, state, taken, list);
        }

        if (!_seen.Add((place, state, taken)))
        {
            return;
        }

        var missed = place < table.Returns ? Missed(place, state, taken) : null;
        var position = new Position(before, place, state, taken, list, missed ?? place);
        if (_furthest is null || position.StuckOn > _furthest.StuckOn)
        {
            _furthest = position;
        }

        if (missed is null)
        {
            _stack.Push(position);
        }
    }

    // Those in flight that would change nothing now.
    private Taken Observe(int place, TState state, Taken taken, List<int> added)
    {
        foreach (var other in table.InFlight(place))
        {
            if (!taken.Has(other) && model.Apply(state, table.Operations[other]) is { } same && same.Equals(state))
            {
                taken = taken.With(other);
                added.Add(other);
            }
        }

        return taken;
    }

    // One in flight that nothing can explain any more.
    private int? Missed(int place, TState state, Taken taken)
    {
        foreach (var other in table.InFlight(place))
        {
            if (!taken.Has(other) && model.IsMissed(state, table.Operations[other]))
            {
                return other;
            }
        }

        return null;
    }

    private sealed class Position(Position? before, int place, TState state, Taken taken, List<int> added, int stuckOn)
    {
        public Position? Before { get; } = before;

        public int Place { get; } = place;

        public TState State { get; } = state;

        public Taken Taken { get; } = taken;

        public List<int> Added { get; } = added;

        /// <summary>The operation that goes no further here: the one that must return, or one that was missed.</summary>
        public int StuckOn { get; } = stuckOn;

        public int NextChoice { get; set; }
    }
}
