using Pipeline.Storage.State;

namespace Pipeline.Storage.Tests.State;

/// <summary>A transaction that stays open until told to leave, so that what comes after it has to queue.</summary>
internal sealed class Occupied : IDisposable
{
    private readonly ManualResetEventSlim _leave = new();
    private readonly Task _held;

    public Occupied(IDatabase database)
    {
        using var inside = new ManualResetEventSlim();
        _held = database.TransactAsync(_ =>
        {
            inside.Set();
            _leave.Wait();
            return ValueTask.FromResult(true);
        }, CancellationToken.None);
        inside.Wait();
    }

    public async Task LeaveAsync()
    {
        _leave.Set();
        await _held;
    }

    public void Dispose() => _leave.Set();
}
