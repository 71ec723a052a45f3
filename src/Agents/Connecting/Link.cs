using ModelContextProtocol.Client;

namespace Pipeline.Agents.Connecting;

/// <summary>One connected client. When it is replaced it closes after the last call that still uses it.</summary>
internal sealed class Link(McpClient client)
{
    private readonly Lock _gate = new();
    private int _users;
    private bool _retired;

    public McpClient Client { get; } = client;

    /// <summary>Counts a call in; false when it was retired meanwhile.</summary>
    public bool TryUse()
    {
        lock (_gate)
        {
            if (_retired) return false;
            _users++;
            return true;
        }
    }

    public ValueTask LeaveAsync() => CloseIf(() => --_users == 0 && _retired);

    public ValueTask RetireAsync() => CloseIf(() => !_retired && (_retired = true) && _users == 0);

    private async ValueTask CloseIf(Func<bool> last)
    {
        lock (_gate)
        {
            if (!last()) return;
        }

        try
        {
            await Client.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception gone) when (Loss.Is(gone))
        {
            // It was retired because its server is gone; that it cannot say goodbye is no news.
        }
    }
}
