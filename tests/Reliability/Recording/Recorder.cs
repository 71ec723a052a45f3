using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Reliability.Recording;

/// <summary>Where every client's lines come together: one file, only ever added to, and the same in memory.</summary>
public sealed class Recorder : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<HistoryEvent> _events = [];
    private readonly HashSet<(string Client, long Call)> _inFlight = [];
    private readonly Dictionary<(string Client, string Tool), JsonObject> _answers = [];
    private readonly StreamWriter _file;
    private int _answered;

    /// <summary>Writes to a new file at <paramref name="path"/>.</summary>
    public Recorder(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _file = new StreamWriter(path);
    }

    /// <summary>How many calls are under way.</summary>
    public int InFlight
    {
        get
        {
            lock (_gate)
            {
                return _inFlight.Count;
            }
        }
    }

    /// <summary>How many calls were answered, refusals included.</summary>
    public int Answered
    {
        get
        {
            lock (_gate)
            {
                return _answered;
            }
        }
    }

    /// <summary>Adds a line that a client wrote.</summary>
    public void Add(string line)
    {
        // A killed client may leave half a line: what it had not said it had not sent.
        if (line is ['{', .., '}'] && Parsed(line) is { } said)
        {
            Add(said, line);
        }
    }

    /// <summary>Adds something that the rig itself did.</summary>
    public void Note(string what, JsonObject? body = null)
    {
        var note = new HistoryEvent { AtNs = RigClock.NowNs, Client = "rig", Phase = "note", What = what, Body = body };
        Add(note, JsonSerializer.Serialize(note, HistoryEvent.Json));
    }

    /// <summary>No call of that client is under way any more: it is dead.</summary>
    public void Bury(string client)
    {
        lock (_gate)
        {
            _inFlight.RemoveWhere(call => call.Client == client);
        }
    }

    /// <summary>The last answer that a client got from a tool; null while there is none.</summary>
    public JsonObject? AnswerOf(string client, string tool)
    {
        lock (_gate)
        {
            return _answers.GetValueOrDefault((client, tool));
        }
    }

    /// <summary>Everything so far.</summary>
    public History Read()
    {
        lock (_gate)
        {
            _file.Flush();
            return new([.. _events]);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    // Two torn pieces may look like one whole line.
    private static HistoryEvent? Parsed(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<HistoryEvent>(line, HistoryEvent.Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Add(HistoryEvent happened, string line)
    {
        lock (_gate)
        {
            _events.Add(happened);
            if (_file.BaseStream is not null)
            {
                _file.WriteLine(line);
            }

            if (happened.Phase == "invoke")
            {
                _inFlight.Add((happened.Client, happened.Call));
            }
            else
            {
                _inFlight.Remove((happened.Client, happened.Call));
                _answered += happened.Phase is "ok" or "refused" ? 1 : 0;
                if (happened is { Phase: "ok", Body: { } answer })
                {
                    _answers[(happened.Client, happened.What)] = answer;
                }
            }
        }
    }
}
