using System.Buffers;

namespace Pipeline.McpServer.Stdio;

/// <summary>
/// The stdio door: passes lines between a client and the owner of the data folder. When the owner dies the client sees nothing but errors it
/// may retry on what was in flight. Nothing but MCP ever reaches the output.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    /// <summary>How long calls in flight may still answer after the client closed its side.</summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(1.5);

    private readonly OwnerConnector _owners;
    private readonly Stream _output;
    private readonly Lines _input;
    private readonly string _dataFolder;
    private readonly TimeProvider _time;
    private readonly Conversation _conversation = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _needed = new(0, 1);
    private volatile TaskCompletionSource<OwnerLink> _link = NewLink();
    private volatile bool _clientWaits;

    public Relay(string dataFolder, OwnerConnector owners, Stream input, Stream output, TimeProvider time)
    {
        (_dataFolder, _owners, _output, _time) = (dataFolder, owners, output, time);
        _input = new Lines(input);
    }

    /// <summary>Runs until the client closes its side or the process is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var owner = FollowOwnersAsync(ending.Token);
        var client = FollowClientAsync(ending.Token);
        await Task.WhenAny(owner, client, Task.Delay(Timeout.Infinite, ending.Token)).ConfigureAwait(false);
        if (client.IsCompletedSuccessfully)
        {
            await Task.WhenAny(_conversation.WhenNone(), owner, Task.Delay(LastAnswers, _time, ending.Token)).ConfigureAwait(false);
        }

        await ending.CancelAsync().ConfigureAwait(false);
        await owner.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        _owners.Dispose();
        if (_link.Task.IsCompletedSuccessfully)
        {
            await (await _link.Task.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource<OwnerLink> NewLink()
    {
        var link = new TaskCompletionSource<OwnerLink>(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = link.Task.ContinueWith(static failed => _ = failed.Exception, TaskScheduler.Default);
        return link;
    }

    private async Task FollowClientAsync(CancellationToken cancellation)
    {
        while (await _input.NextAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            var envelope = Envelope.Read(line);
            while (!await TryForwardAsync(envelope, line, cancellation).ConfigureAwait(false))
            {
                // The link was lost before the line could arrive; it goes over the next one.
            }
        }
    }

    private async Task<bool> TryForwardAsync(Envelope envelope, ReadOnlySequence<byte> line, CancellationToken cancellation)
    {
        var current = _link;
        if (current.Task.IsFaulted)
        {
            // An earlier line was told so already; this one is a reason to try again.
            Interlocked.CompareExchange(ref _link, NewLink(), current);
            current = _link;
        }

        OwnerLink link;
        try
        {
            link = await WaitForLinkAsync(current, cancellation).ConfigureAwait(false);
        }
        catch (OwnerUnavailableException unavailable)
        {
            Interlocked.CompareExchange(ref _link, NewLink(), current);
            await AnswerAsync(envelope, unavailable.Message, cancellation).ConfigureAwait(false);
            return true;
        }

        if (!_conversation.TryNote(envelope, line, link))
        {
            await Task.Yield();
            return false;
        }

        return await link.TrySendAsync(line, cancellation).ConfigureAwait(false) || !_conversation.TryTakeBack(envelope);
    }

    private async Task<OwnerLink> WaitForLinkAsync(TaskCompletionSource<OwnerLink> current, CancellationToken cancellation)
    {
        if (current.Task.IsCompletedSuccessfully)
        {
            return await current.Task.ConfigureAwait(false);
        }

        _clientWaits = true;
        try
        {
            if (_needed.CurrentCount == 0)
            {
                _needed.Release();
            }

            return await current.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _clientWaits = false;
        }
    }

    private async Task AnswerAsync(Envelope envelope, string message, CancellationToken cancellation)
    {
        if (envelope.IsRequest)
        {
            var request = new Conversation.Request(envelope.Id!, envelope.Method!, null);
            await WriteAsync(LostCall.Answer(request, _conversation.IsLegacy, LostCall.OwnerUnavailable, message), cancellation).ConfigureAwait(false);
        }
    }

    private async Task FollowOwnersAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await using var link = await _owners.ConnectAsync(cancellation).ConfigureAwait(false);
                await FollowOwnerAsync(link, cancellation).ConfigureAwait(false);
                await FailAsync(LostCall.OwnerLost, "The server's process ended while it worked on this; it is back in a moment. Ask again.", everything: false, cancellation)
                    .ConfigureAwait(false);
            }
            catch (OwnerUnavailableException unavailable)
            {
                await FailAsync(LostCall.OwnerUnavailable, unavailable.Message, everything: true, cancellation).ConfigureAwait(false);
                _link.TrySetException(unavailable);
                await WaitForNeedAsync(cancellation).ConfigureAwait(false);
                continue;
            }

            // A folder that is gone is not made anew for nobody; the client's next line does that.
            if (!Directory.Exists(_dataFolder))
            {
                await WaitForNeedAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task FollowOwnerAsync(OwnerLink link, CancellationToken cancellation)
    {
        if (!await IntroduceAsync(link, cancellation).ConfigureAwait(false))
        {
            return;
        }

        while (await link.NextAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (_conversation.Answered(Envelope.Read(line)))
            {
                await WriteAsync(line, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Tells a new owner what the client told the last one; then the client's lines may follow.</summary>
    private async Task<bool> IntroduceAsync(OwnerLink link, CancellationToken cancellation)
    {
        if (_conversation.Handshake() is var (handshake, id))
        {
            await link.TrySendAsync(new ReadOnlySequence<byte>(handshake), cancellation).ConfigureAwait(false);
            ReadOnlySequence<byte>? answer;
            do
            {
                answer = await link.NextAsync(cancellation).ConfigureAwait(false);
            }
            while (answer is { } line && Envelope.Read(line).Id != id);
            if (answer is null)
            {
                return false;
            }
        }

        foreach (var line in _conversation.AfterHandshake())
        {
            await link.TrySendAsync(new ReadOnlySequence<byte>(line), cancellation).ConfigureAwait(false);
        }

        _conversation.Begin(link);
        _link.TrySetResult(link);
        return true;
    }

    private async Task FailAsync(string code, string message, bool everything, CancellationToken cancellation)
    {
        if (_link.Task.IsCompleted)
        {
            _link = NewLink();
        }

        foreach (var request in _conversation.Lose(everything))
        {
            await WriteAsync(LostCall.Answer(request, _conversation.IsLegacy, code, message), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Rests until the client has a line for which there is no owner.</summary>
    private async Task WaitForNeedAsync(CancellationToken cancellation)
    {
        while (await _needed.WaitAsync(TimeSpan.Zero, cancellation).ConfigureAwait(false))
        {
            // What was needed before is served or answered.
        }

        if (!_clientWaits)
        {
            await _needed.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(ReadOnlySequence<byte> line, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            foreach (var piece in line)
            {
                await _output.WriteAsync(piece, cancellation).ConfigureAwait(false);
            }

            await _output.FlushAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }
}
