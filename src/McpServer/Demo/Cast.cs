using System.Globalization;

namespace Pipeline.McpServer.Demo;

/// <summary>The demo's processes: its server, the director and the workers. Whatever happens they end with it.</summary>
/// <param name="options">What is asked for.</param>
/// <param name="say">Shows a line.</param>
/// <param name="note">Told whenever there is a process more.</param>
internal sealed class Cast(DemoOptions options, Action<string> say, Action<IReadOnlyList<ProcessMark>> note) : IAsyncDisposable
{
    private const string Listening = "listening on ";
    private const string Server = "server";
    private const int MostReplacements = 3;

    private static readonly string[] Told = ["notice:", "decision:", "script:", "casting:", "plan:", "compared:"];

    // Were the demo killed, agents would finish the step in hand and report it: the server must outlive them.
    private const double ServerLifelineSeconds = 30;
    private static readonly TimeSpan ServerStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private readonly List<ChildProgram> _all = [];
    private readonly List<ChildProgram> _workers = [];
    private int _replacements;
    private string[] _place = [];

    public ChildProgram? Director { get; private set; }

    /// <summary>Starts a server on the data folder and waits until it listens.</summary>
    /// <param name="imports">The folder that footage is taken from.</param>
    /// <param name="receiver">The host and port that webhooks may be sent to.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<Uri> ServeAsync(string imports, string receiver, CancellationToken cancellation)
    {
        var heard = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var settings = new Dictionary<string, string> { ["PIPELINE_IMPORT_ROOTS"] = imports, ["PIPELINE_EGRESS_HOSTS"] = receiver };
        var server = Start(Server, ["serve", "--data", options.Data, "--url", "http://127.0.0.1:0"], settings, line =>
        {
            if (line.StartsWith(Listening, StringComparison.Ordinal) && Uri.TryCreate(line[Listening.Length..], UriKind.Absolute, out var url))
            {
                heard.TrySetResult(url);
            }
        });
        var ended = server.WaitAsync(cancellation);
        var first = await Task.WhenAny(heard.Task, ended, Task.Delay(ServerStart, cancellation)).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return first == heard.Task ? await heard.Task.ConfigureAwait(false)
            : throw new DemoFailedException(first == ended ? $"The server did not start: {server.Tail}" : $"The server did not listen within {ServerStart.TotalSeconds:0} s: {server.Tail}");
    }

    /// <summary>Starts the workers and the director.</summary>
    public void Begin(Uri server, DemoNote production, string? source, string? transcript)
    {
        _place = ["--server", server.AbsoluteUri, "--workspace", production.Workspace];
        for (var n = 1; n <= options.Workers; n++)
        {
            _workers.Add(Work($"worker-{n.ToString(CultureInfo.InvariantCulture)}"));
        }

        string[] known = production.RunId is { } run ? ["--run", run] : production.IsDirected ? ["--resume"] : [];
        string[] words = transcript is null ? [] : ["--transcript", transcript];
        string[] models = production.Models.Count == 0 ? ["--local-models"] : ["--models", string.Join(',', production.Models)];
        string[] draft = production.Server is null ? ["--approve-draft"] : [];
        string[] from = production.IsGenerated ? ["--generate", .. models, .. draft] : ["--source", source!, .. words];
        Director = Start("director", ["direct", .. _place, "--agent", "director", "--brief", production.Brief, .. from, .. known], Key(), line =>
        {
            if (Array.Exists(Told, kind => line.StartsWith(kind, StringComparison.Ordinal)))
            {
                say($"director  {line}");
            }
        });
    }

    /// <summary>Starts a worker anew where one has ended.</summary>
    /// <exception cref="DemoFailedException">That happened too often, or the server has ended.</exception>
    public void Mend()
    {
        if (_all.Find(child => child.Name == Server) is { HasEnded: true } server)
        {
            throw Ended(server);
        }

        for (var at = 0; at < _workers.Count; at++)
        {
            if (!_workers[at].HasEnded)
            {
                continue;
            }

            var lost = _workers[at];
            if (++_replacements > MostReplacements)
            {
                throw new DemoFailedException($"{lost.Name} ended again, with {lost.ExitCode}: {lost.Tail}");
            }

            say($"{lost.Name} has ended with {lost.ExitCode}; another takes its place");
            _workers[at] = Work(lost.Name);
        }
    }

    /// <summary>Does <paramref name="work"/> for as long as our own server lives: who asks a dead one again and again would wait in vain.</summary>
    /// <exception cref="DemoFailedException">The server has ended.</exception>
    public async Task<T> WhileServedAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        if (_all.Find(child => child.Name == Server) is not { } server)
        {
            return await work(cancellation).ConfigureAwait(false);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (ended, working) = (server.WaitAsync(either.Token), work(either.Token));
        var first = await Task.WhenAny(ended, working).ConfigureAwait(false);
        await either.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(ended, working).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return first == working ? await working.ConfigureAwait(false) : throw Ended(server);
    }

    /// <summary>Agents first, so that they can still give back what they hold; the server last.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_all.Where(child => child.Name != Server).Select(child => child.DisposeAsync().AsTask())).ConfigureAwait(false);
        await Task.WhenAll(_all.Where(child => child.Name == Server).Select(child => child.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    private static DemoFailedException Ended(ChildProgram server) =>
        new($"The server has ended with {server.ExitCode}. Nothing that was answered is lost: the same command with --resume goes on. {server.Tail}".TrimEnd());

    private ChildProgram Work(string name) => Start(name, ["work", .. _place, "--agent", name], Key(), _ => { });

    // Other users see command lines, but not environments.
    private Dictionary<string, string> Key() => string.IsNullOrEmpty(options.Key) ? [] : new() { ["PIPELINE_KEY"] = options.Key };

    private ChildProgram Start(string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings, Action<string> heard)
    {
        var child = ChildProgram.Start(name, arguments, settings, name == Server ? ServerLifelineSeconds : 0, Grace, heard);
        _all.Add(child);
        note([.. _all.Where(one => !one.HasEnded).Select(one => one.Mark)]);
        return child;
    }
}
