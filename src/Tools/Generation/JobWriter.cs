using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Generation;

/// <summary>On whose behalf a job's result is written, and under which terms: those of whoever asked last and might.</summary>
/// <param name="Principal">Who is accountable for the write; who ordered the job pays for it.</param>
/// <param name="Agent">The agent inside the principal.</param>
/// <param name="Terms">Lock, version and claim.</param>
public sealed record JobWriter(string Principal, string Agent, WriteTerms Terms)
{
    internal static JobWriter Of(Call call) => new(call.Caller.Principal, call.Agent, call.Terms);

    internal static JobWriter Of(JobRow job) => Wire.Read<JobWriter>(job.Terms);
}
