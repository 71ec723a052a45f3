using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>A version that was an intermediate of a run, and whose bytes went some hours after the run had ended.</summary>
public sealed class AssetExpiredError : ToolError
{
    public AssetExpiredError(AssetRow row) : base("expired",
        $"'{row.Address}' was an intermediate of run '{row.RunId}' and expired at {Instant.From(row.ExpiredAtMs!.Value):O}. Make it again, or run its plan again with what is to stay among its deliverables.") =>
        Facts = new { asset = row.Address, expired_at = Instant.From(row.ExpiredAtMs), run_id = row.RunId, step_id = row.StepId, sha256 = row.Sha256 };
}
