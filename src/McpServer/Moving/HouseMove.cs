using System.Security.Cryptography;
using Pipeline.Index;
using Pipeline.Storage;
using Pipeline.Storage.Moving;
using Pipeline.Storage.Objects;
using Pipeline.Tools;
using Pipeline.Tools.Audit;

namespace Pipeline.McpServer.Moving;

/// <summary>
/// Moves a one-machine house to PostgreSQL and a bucket. Objects go first, beside a server that still runs; then, with the folder's lock, what came
/// since, and all rows in one transaction. Whatever interrupts it, either the folder or the new place is the house, never both and never half of one.
/// </summary>
/// <param name="settings">What and where.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Told how far it is.</param>
internal sealed class HouseMove(MoveSettings settings, TimeProvider time, Action<string> say)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <exception cref="IOException">There is nothing to move, or the folder's owner still runs.</exception>
    public async Task<MoveReport> RunAsync(CancellationToken cancellation)
    {
        if (!File.Exists(DataFolder.DatabaseOf(settings.From)))
        {
            throw new FileNotFoundException($"'{settings.From}' holds no house: there is no {Path.GetFileName(DataFolder.DatabaseOf(settings.From))} in it. Name the data folder with --from.");
        }

        var (place, bucket) = (settings.Postgres is { } connection ? PostgresFilling.PlaceOf(connection) : null, settings.Objects?.ToString());
        if (MovedMark.Read(settings.From) is { Finished: true } mark)
        {
            if ((place is null || place == mark.Postgres) && (bucket is null || bucket == mark.Objects))
            {
                return Report([], null, [], alreadyMoved: true);
            }

            if ((place is not null && mark.Postgres is not null) || (bucket is not null && mark.Objects is not null))
            {
                throw new IOException($"The house in {settings.From} has moved already: {mark.Postgres ?? mark.Objects}. To move it from this folder once more, and lose what was done since, remove {MovedMark.FileOf(settings.From)} first.");
            }
        }

        if (MovedMark.Read(settings.From) is { Finished: false } unfinished && ((unfinished.Postgres is not null && place != unfinished.Postgres) || (unfinished.Objects is not null && bucket is not null && bucket != unfinished.Objects)))
        {
            throw new IOException($"A move of {settings.From} to {unfinished.Postgres ?? unfinished.Objects} was interrupted at its very end. Finish it with the same targets, or remove {MovedMark.FileOf(settings.From)} if nothing was served from there.");
        }

        var house = HouseId();
        using var objects = settings.Objects is { } options ? new ObjectMove(settings.From, options, time, say) : null;
        await ClaimObjectsAsync(objects, house, cancellation).ConfigureAwait(false);
        var filling = await ClaimRowsAsync(house, cancellation).ConfigureAwait(false);

        var owned = DataFolder.TryOwn(settings.From);
        MovedObjects? before = null;
        if (owned is null && objects is not null)
        {
            say("copying objects beside the running server");
            before = await objects.RunAsync(cancellation).ConfigureAwait(false);
        }

        using var folder = owned ?? await OwnAsync(before, cancellation).ConfigureAwait(false);
        var moved = objects is null ? null : (await objects.RunAsync(cancellation).ConfigureAwait(false)).After(before);
        return moved is { Problems.Count: > 0 } ? Report([], moved, moved.Problems)
            : filling is null ? Finish(Report([], moved, []))
            : await FillAsync(folder, filling, moved, cancellation).ConfigureAwait(false);
    }

    private async Task<MoveReport> FillAsync(DataFolder folder, PostgresFilling filling, MovedObjects? moved, CancellationToken cancellation)
    {
        using var source = await HouseSource.OpenAsync(folder, [.. Toolbox.Tables, .. SqliteSearchIndex.Tables], time, cancellation).ConfigureAwait(false);
        var filled = await filling.RunAsync(
            source,
            new()
            {
                Tables = [.. Toolbox.Tables, .. PostgresSearchIndex.Tables],
                Apart = IndexMove.Apart,
                BringApart = IndexMove.BringAsync,
                Examine = async query =>
                    [.. (await AuditChains.BrokenAsync(query).ConfigureAwait(false)).Select(chain => $"the audit chain of '{chain.Workspace}' does not hold from entry {chain.Sequence} on")],
            },
            new Commands.Telling<string>(table => say($"rows: {table}")),
            () => Mark(finished: false),
            cancellation).ConfigureAwait(false);
        string[] problems = [.. filled.Tables.Where(table => !table.Same).Select(table => $"table {table.Table} is not the same there: {table.Rows} rows here, {table.RowsThere} there"), .. filled.Wrong];
        return problems.Length > 0 ? Report(filled.Tables, moved, problems) : Finish(Report(filled.Tables, moved, []));
    }

    private MoveReport Finish(MoveReport report)
    {
        Mark(finished: true);
        return report;
    }

    private void Mark(bool finished)
    {
        var before = MovedMark.Read(settings.From);
        new MovedMark(
            settings.Postgres is { } connection ? PostgresFilling.PlaceOf(connection) : before?.Postgres, settings.Objects?.ToString() ?? before?.Objects, finished, time.GetUtcNow())
            .Write(settings.From);
    }

    private async Task ClaimObjectsAsync(ObjectMove? objects, string house, CancellationToken cancellation)
    {
        if (objects is not null)
        {
            await objects.RequireAsync(cancellation).ConfigureAwait(false);
            using var arrival = new S3Arrival(settings.Objects!);
            await arrival.ClaimAsync(house, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<PostgresFilling?> ClaimRowsAsync(string house, CancellationToken cancellation)
    {
        if (settings.Postgres is not { } connection)
        {
            return null;
        }

        var filling = await PostgresFilling.BeginAsync(connection, house, cancellation).ConfigureAwait(false);
        await PostgresVectorExtension.EnsureAsync(connection, cancellation).ConfigureAwait(false);
        return filling;
    }

    private async Task<DataFolder> OwnAsync(MovedObjects? copied, CancellationToken cancellation)
    {
        var done = copied is null ? "" : $" {copied.Named} objects are copied already, and only what comes meanwhile is left.";
        if (!settings.Waits)
        {
            throw new IOException($"A server still owns {settings.From}.{done} Stop it now (SIGTERM lets its calls end), then run this again; with --wait it is waited for.");
        }

        say($"Stop the server of {settings.From} now.{done} Waiting for it to end.");
        while (true)
        {
            if (DataFolder.TryOwn(settings.From) is { } folder)
            {
                return folder;
            }

            await Task.Delay(Look, time, cancellation).ConfigureAwait(false);
        }
    }

    // It says whose the new places are while they are being filled, and that a second try is of the same house.
    private string HouseId()
    {
        var file = Path.Combine(settings.From, "house.id");
        if (!File.Exists(file))
        {
            DurableFile.Write(file, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        }

        return File.ReadAllText(file).Trim();
    }

    private MoveReport Report(IReadOnlyList<TableCheck> tables, MovedObjects? moved, IReadOnlyList<string> problems, bool alreadyMoved = false) => new(
        problems.Count == 0,
        alreadyMoved,
        settings.From,
        settings.Postgres is { } connection ? PostgresFilling.PlaceOf(connection) : null,
        settings.Objects?.ToString(),
        moved,
        tables,
        problems,
        problems.Count == 0 ? MovedEnvironment.Of(settings) : new Dictionary<string, string>());
}
