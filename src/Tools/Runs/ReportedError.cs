using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Runs;

/// <summary>Why a worker could not do a step.</summary>
/// <param name="Code">Stable, snake_case.</param>
/// <param name="Message">One sentence for people.</param>
/// <param name="RetryAfterSeconds">What a provider asked to wait.</param>
public sealed record ReportedError(string Code, string? Message = null, double? RetryAfterSeconds = null)
{
    private const int LongestCode = 100;
    private const int LongestMessage = 4_000;
    private const double MostRetryAfterSeconds = 86_400;

    internal ReportedError Checked()
    {
        if (Code.Length is < 1 or > LongestCode) throw new InvalidArgumentError("error.code", $"error.code is 1 to {LongestCode} characters.");
        if (RetryAfterSeconds is < 0 or > MostRetryAfterSeconds) throw new InvalidArgumentError("error.retry_after_seconds", $"error.retry_after_seconds is 0 to {MostRetryAfterSeconds}.");
        return Message?.Length > LongestMessage ? this with { Message = Message[..LongestMessage] } : this;
    }
}
