using ModelContextProtocol.Server;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

[Tool(Toolset.Admin, Changes = true, Admin = true, AnswersRepeats = true)]
internal sealed partial class CollectGarbage(Call call, ObjectSweep sweep, IEnumerable<IExpiry> expiries)
{
    private const double LeastSeconds = 3600;
    private const double MostSeconds = 366 * 24 * 3600;

    /// <summary>Removes stored bytes that no asset names and uploads past their time. It also happens every hour by itself.</summary>
    /// <param name="grace_seconds">What is younger stays: 3600 or more; 90000 if left out.</param>
    /// <param name="dry_run">Only count.</param>
    [McpServerTool(Name = "collect_garbage", Title = "Collect garbage", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<Swept> RunAsync(double? grace_seconds = null, bool dry_run = false, CancellationToken cancellation = default)
    {
        var grace = grace_seconds switch
        {
            null => ObjectSweep.DefaultGrace,
            >= LeastSeconds and <= MostSeconds => TimeSpan.FromSeconds(grace_seconds.Value),
            _ => throw new InvalidArgumentError("grace_seconds", $"grace_seconds is {LeastSeconds} to {MostSeconds}, not {grace_seconds}: it must be longer than the longest call."),
        };
        var expired = 0L;
        foreach (var expiry in dry_run ? [] : expiries)
        {
            expired += await expiry.ExpireAsync(cancellation).ConfigureAwait(false);
        }

        var swept = (await sweep.RunAsync(grace, dry_run, cancellation).ConfigureAwait(false)) with { VersionsExpired = expired };
        return dry_run ? swept : await call.CommitAsync("", null, _ => ValueTask.FromResult(swept), cancellation, done => new { done.ObjectsRemoved, done.BytesFreed, done.VersionsExpired }, frees: true).ConfigureAwait(false);
    }
}
