using System.Text.Json;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Events;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Ingest;

/// <summary>Intelligence mode: notes every new version of a workspace that indexes on arrival, in the transaction that writes it.</summary>
internal sealed class Arrivals : IEventSink, IPendingWork
{
    public async ValueTask OnAppendedAsync(ITransaction tx, Event happened)
    {
        if (happened is not { Kind: "asset.written" or "asset.metadata", Subject: { } subject })
        {
            return;
        }

        var workspace = await WorkspacesTable.FindAsync(tx, happened.Workspace).ConfigureAwait(false);
        if (workspace is { AutoIndex: not 0 })
        {
            using var data = JsonDocument.Parse(happened.Data);
            var version = data.RootElement.GetProperty("version").GetInt64();
            await ArrivalsTable.QueueAsync(tx, happened.Workspace, subject[(happened.Workspace.Length + 1)..], version).ConfigureAwait(false);
        }
    }

    public async ValueTask<bool> AnyAsync(IQuery query) => await ArrivalsTable.NextDueAsync(query).ConfigureAwait(false) is not null;
}
