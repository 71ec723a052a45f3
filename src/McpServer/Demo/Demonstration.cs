using System.Text.Json;
using Pipeline.Agents.Connecting;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Runs;

namespace Pipeline.McpServer.Demo;

/// <summary>The main job from end to end: footage in, a server, a director and workers as processes of their own, a delivered film out.</summary>
internal sealed class Demonstration(DemoOptions options, IRunScreen screen, TimeProvider time) : IAsyncDisposable
{
    private const string UsualBrief = "A short film of the best moments";
    private const string Film = "delivery.mp4";
    private const string Sheet = "contact-sheet.jpg";

    private static readonly string[] Delivered = ["delivery.ready"];
    private static readonly string[] Made = [Film, Sheet, "run.json"];

    private readonly Lock _gate = new();
    private DemoNote _note = null!;
    private Cast? _cast;
    private WebhookReceiver? _receiver;
    private Connection? _connection;

    /// <summary>Runs it to its end.</summary>
    /// <returns>The run, what is to be written about it, and whether all of it went as it should.</returns>
    /// <exception cref="DemoFailedException">It could not go on.</exception>
    public async Task<(RunView Run, RunReport Report, bool IsGood)> RunAsync(CancellationToken cancellation)
    {
        _note = await BeginAsync().ConfigureAwait(false);
        Directory.CreateDirectory(options.Out);
        foreach (var stale in Made)
        {
            File.Delete(Path.Combine(options.Out, stale));
        }

        Keep(note => note);
        if (_note.IsSample && !(options.Resume && File.Exists(_note.Input)))
        {
            screen.Say("making the sample film ...");
            await SampleAsync(cancellation).ConfigureAwait(false);
        }

        _receiver = await WebhookReceiver.OpenAsync(_note.ReceiverPort, time, cancellation).ConfigureAwait(false);
        _receiver.Secret = _note.Secret;
        _cast = new Cast(options, screen.Say, marks => Keep(note => note with { Children = marks }));
        var server = options.Server ?? await _cast.ServeAsync(_note.IsGenerated ? options.Out : Path.GetDirectoryName(_note.Input)!, _receiver.Url.Authority, cancellation).ConfigureAwait(false);
        screen.Say($"server    {server} with data in {options.Data}");
        _connection = new Connection(ServerAddress.Http(server, options.Key), "demo", time) { Waits = screen.Say };
        var (source, transcript) = await BringAsync(server, cancellation).ConfigureAwait(false);
        await SubscribeAsync(cancellation).ConfigureAwait(false);
        _cast.Begin(server, _note, source, transcript);
        Keep(note => note with { IsDirected = true });
        screen.Say($"director and {options.Workers} worker(s) began on \"{_note.Brief.ReplaceLineEndings(" ")}\"");
        var run = await screen.ShowAsync(show => _cast.WhileServedAsync(token => FollowAsync(show, token), cancellation)).ConfigureAwait(false);
        var isAccepted = _cast.Director!.ExitCode == 0;
        var webhook = await WebhookAsync(run, cancellation).ConfigureAwait(false);
        var report = RunReport.Of(run, _note.Brief, await AuditAsync(cancellation).ConfigureAwait(false), webhook);
        var isDelivered = await FetchAsync(run, cancellation).ConfigureAwait(false);
        Keep(note => note with { IsFinished = true });
        return (run, report, isAccepted && isDelivered && (webhook is not null || _note.SubscriptionId is null));
    }

    public async ValueTask DisposeAsync()
    {
        // Nobody of ours is left when this returns; the server goes last, so that agents can still say goodbye.
        if (_connection is not null)
        {
            await _connection.DisposeAsync().ConfigureAwait(false);
        }

        if (_cast is not null)
        {
            await _cast.DisposeAsync().ConfigureAwait(false);
            Keep(note => note with { Children = [] });
        }

        if (_receiver is not null)
        {
            await _receiver.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<DemoNote> BeginAsync()
    {
        var left = DemoNote.Read(options.Out);
        if (left is not null)
        {
            await Orphans.EndAsync(left, screen.Say).ConfigureAwait(false);
        }

        using var self = System.Diagnostics.Process.GetCurrentProcess();
        var me = ProcessMark.Of(self, "demo");
        if (options.Resume)
        {
            return left is null ? throw new DemoFailedException($"There is nothing to resume in {options.Out}.")
                : left.Data != options.Data || left.Server != options.Server ? throw new DemoFailedException($"The demo in {options.Out} works with {left.Server?.ToString() ?? left.Data}; resume it with the same --data or --server.")
                : left with { Demo = me, Children = [] };
        }

        if (left is { IsFinished: false, IsDirected: true })
        {
            screen.Say($"an unfinished run is left behind in {left.Workspace}; --resume would have finished it");
        }

        var name = Intent.Name("demo");
        return new DemoNote
        {
            Production = name,
            Workspace = name,
            Brief = options.Brief ?? (options.Generate ? SampleScript.FilmBrief() : options.Input is null ? SampleScript.Shipped().Brief : UsualBrief),
            IsGenerated = options.Generate,
            Models = options.Models,
            Input = options.Generate ? "" : options.Input ?? Path.Combine(options.Out, "sample", "sample.mp4"),
            Transcript = options.Generate ? null : options.Input is null ? options.Transcript ?? Path.Combine(options.Out, "sample", "sample.vtt") : options.Transcript,
            IsSample = options.Input is null && !options.Generate,
            Data = options.Data,
            Server = options.Server,
            Demo = me,
        };
    }

    private async Task<(string? Source, string? Transcript)> BringAsync(Uri server, CancellationToken cancellation)
    {
        if (_note.IsGenerated)
        {
            await _connection!.ChangeAsync("create_workspace", new { workspace = _note.Workspace }, $"{_note.Production}/workspace", cancellation).ConfigureAwait(false);
            return (null, null);
        }

        var (source, transcript) = await new Footage(_connection!, options).BringAsync(_note, server, cancellation).ConfigureAwait(false);
        screen.Say($"footage   {source}{(transcript is null ? ", no transcript" : $" with {transcript}")}");
        return (source, transcript);
    }

    private async Task SampleAsync(CancellationToken cancellation)
    {
        var script = SampleScript.Shipped();
        Directory.CreateDirectory(Path.GetDirectoryName(_note.Input)!);
        await File.WriteAllTextAsync(Path.ChangeExtension(_note.Input, ".vtt"), script.WebVtt(), cancellation).ConfigureAwait(false);
        var speaks = await new SampleFilm(new Ffmpeg(new FfmpegOptions(), time)).MakeAsync(script, _note.Input, cancellation).ConfigureAwait(false);
        screen.Say($"sample    {_note.Input}{(speaks ? "" : ": this ffmpeg has no flite, so a tone stands for every spoken line")}");
    }

    private async Task SubscribeAsync(CancellationToken cancellation)
    {
        if (_note.SubscriptionId is not null && _note.ReceiverPort == _receiver!.Url.Port)
        {
            return;
        }

        try
        {
            var made = await _connection!.ChangeAsync(
                "subscribe_webhook", new { workspace = _note.Workspace, url = _receiver!.Url.AbsoluteUri, events = Delivered }, Intent.New("subscribe"), cancellation).ConfigureAwait(false);
            _receiver.Secret = made.Text("secret");
            Keep(note => note with { SubscriptionId = made.Text("subscription_id"), Secret = made.Text("secret"), ReceiverPort = _receiver.Url.Port });
        }
        catch (ToolRefused refusal) when (options.Server is not null)
        {
            screen.Say($"the server may not send webhooks to this machine, so none will be checked: {refusal.Message}");
        }
    }

    private async Task<RunView> FollowAsync(Action<RunView> show, CancellationToken cancellation)
    {
        var follower = new RunFollower(_connection!, _note.Workspace, _cast!, screen.Say, time);
        var runId = _note.RunId ?? await follower.FindAsync(cancellation).ConfigureAwait(false);
        Keep(note => note with { RunId = runId });
        return await follower.FollowAsync(runId, show, cancellation).ConfigureAwait(false);
    }

    private async Task<WebhookSeen?> WebhookAsync(RunView run, CancellationToken cancellation)
    {
        if (_note.SubscriptionId is null || !run.Steps.Any(step => step is { Capability: "notify", State: "succeeded" }))
        {
            return null;
        }

        var seen = _note.Webhook ?? await new WebhookWait(_connection!, _receiver!, time).ForAsync(_note.SubscriptionId, cancellation).ConfigureAwait(false);
        Keep(note => note with { Webhook = seen });
        return seen;
    }

    private async Task<IReadOnlyList<Pipeline.Tools.Workspaces.AuditPage>> AuditAsync(CancellationToken cancellation)
    {
        var pages = new List<Pipeline.Tools.Workspaces.AuditPage>();
        do
        {
            var page = await _connection!.ReadAsync("read_audit", new { workspace = _note.Workspace, cursor = pages.Count == 0 ? null : pages[^1].Cursor, limit = 100 }, cancellation).ConfigureAwait(false);
            pages.Add(page.Deserialize<Pipeline.Tools.Workspaces.AuditPage>(Pipeline.Tools.Contract.Wire.Json)!);
        }
        while (pages[^1].Cursor is not null);
        return pages;
    }

    private async Task<bool> FetchAsync(RunView run, CancellationToken cancellation)
    {
        var downloads = new Downloads(_connection!);
        if (run.Result("contact_sheet") is { } sheet)
        {
            await downloads.FetchAsync(sheet, Path.Combine(options.Out, Sheet), cancellation).ConfigureAwait(false);
        }

        if (run.Result("deliver") is not { } film)
        {
            return false;
        }

        await downloads.FetchAsync(film, Path.Combine(options.Out, Film), cancellation).ConfigureAwait(false);
        return true;
    }

    private void Keep(Func<DemoNote, DemoNote> change)
    {
        lock (_gate)
        {
            _note = change(_note);
            _note.Write(options.Out);
        }
    }
}
