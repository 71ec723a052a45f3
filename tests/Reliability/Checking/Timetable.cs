namespace Pipeline.Reliability.Checking;

/// <summary>
/// A history as its returns, first to last, each with what is in flight at that moment. An operation's place is its number in that order; open
/// operations come after all others, by call time.
/// </summary>
internal sealed class Timetable<TAction>
{
    private readonly int[][] _inFlight;
    private readonly int[] _openSoFar;

    public Timetable(IReadOnlyList<Operation<TAction>> history)
    {
        Operations = [.. history.OrderBy(operation => operation.ReturnedAtUs).ThenBy(operation => operation.CalledAtUs)];
        Returns = Operations.TakeWhile(operation => !operation.IsOpen).Count();
        _inFlight = new int[Returns][];
        _openSoFar = new int[Returns];
        var byCall = Enumerable.Range(0, Returns).OrderBy(place => Operations[place].CalledAtUs).ToArray();
        var active = new SortedSet<int>();
        var (called, opened) = (0, 0);
        for (var place = 0; place < Returns; place++)
        {
            for (; called < byCall.Length && Operations[byCall[called]].CalledAtUs <= Operations[place].ReturnedAtUs; called++)
            {
                active.Add(byCall[called]);
            }

            for (; Returns + opened < Operations.Length && Operations[Returns + opened].CalledAtUs <= Operations[place].ReturnedAtUs;)
            {
                opened++;
            }

            _inFlight[place] = [.. active];
            _openSoFar[place] = opened;
            active.Remove(place);
        }
    }

    /// <summary>By place.</summary>
    public Operation<TAction>[] Operations { get; }

    /// <summary>How many operations returned; their places come first.</summary>
    public int Returns { get; }

    /// <summary>Places of the operations in flight when <paramref name="place"/> returns, that one first, without the open ones.</summary>
    public ReadOnlySpan<int> InFlight(int place) => _inFlight[place];

    /// <summary>How many operations may be tried when <paramref name="place"/> returns: those in flight, then the open ones.</summary>
    public int Choices(int place) => _inFlight[place].Length + _openSoFar[place];

    /// <summary>The place of one of them.</summary>
    public int Choice(int place, int number) =>
        number < _inFlight[place].Length ? _inFlight[place][number] : Returns + number - _inFlight[place].Length;
}
