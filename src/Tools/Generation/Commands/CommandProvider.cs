using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Generation.Commands;

/// <summary>A local command as a provider: run to its end within its bounds, its output file is the result.</summary>
internal sealed class CommandProvider(string name, CommandSpec spec, FfmpegOptions bounds, TimeProvider time) : IProvider
{
    private const string Make = "make";
    private const string PromptFile = "prompt.txt";
    private const string ParametersFile = "parameters.json";
    private const int LastLines = 5;

    private readonly FfmpegOptions _bounds = bounds with { BudgetSeconds = spec.TimeoutSeconds };

    public string Name => name;

    public bool Repeatable => spec.Repeatable;

    public async Task<Submission> SubmitAsync(ProviderCall call, CancellationToken cancellation)
    {
        using var job = WorkFolder.Create(call.Folder, Make);
        var output = "made" + spec.Output;
        await File.WriteAllTextAsync(job.File(PromptFile), call.Prompt, cancellation).ConfigureAwait(false);
        await File.WriteAllTextAsync(job.File(ParametersFile), call.Parameters.ToJsonString(Wire.Json), cancellation).ConfigureAwait(false);
        var said = new Queue<string>();
        int exit;
        try
        {
            exit = await RunAsync(call, job, output, said, cancellation).ConfigureAwait(false);
        }
        catch (ToolError failure)
        {
            // Missing, or out of its bounds: what it did until then nobody knows, unless it may be repeated.
            return new(spec.Repeatable ? SubmissionClass.Rejected : SubmissionClass.Ambiguous) { Code = failure.Code, Message = failure.Message };
        }

        if (exit != 0 || !File.Exists(job.File(output)))
        {
            var message = exit != 0 ? $"'{name}' ended with {exit}: {string.Join(" / ", said)}" : $"'{name}' wrote no output file.";
            return new(spec.Repeatable ? SubmissionClass.Rejected : SubmissionClass.Ambiguous) { Code = "command_failed", Message = message };
        }

        var made = System.IO.Path.Combine(call.Folder, output);
        File.Move(job.File(output), made);
        return new(SubmissionClass.Done) { Results = [new(made, null, null)] };
    }

    public Task<JobReport> PollAsync(ProviderJob job, CancellationToken cancellation) => Task.FromResult(new JobReport(JobStanding.Unknown));

    public Task<CancelAnswer> CancelAsync(ProviderJob job, CancellationToken cancellation) => Task.FromResult(CancelAnswer.TooLate);

    public Task<FetchOutcome> FetchAsync(ProviderJob job, ProviderResult result, string file, CancellationToken cancellation) => Task.FromResult(new FetchOutcome(false, Gone: true));

    private async Task<int> RunAsync(ProviderCall call, WorkFolder job, string output, Queue<string> said, CancellationToken cancellation)
    {
        var arguments = spec.Run.Skip(1).Select(argument => Filled(argument, call, job, output)).OfType<string>().ToList();
        var runner = new BoxedProgram(_bounds, time, spec.Boxed ? null : Box.None("the operator's file says so"));
        return await runner.RunAsync(
            job, spec.Run[0], arguments, [.. call.References.Select(reference => reference.File)], new(_bounds.MaxOutputBytes, spec.TimeoutSeconds), _ => { }, Say, cancellation).ConfigureAwait(false);

        void Say(string line)
        {
            said.Enqueue(line);
            if (said.Count > LastLines) said.Dequeue();
        }
    }

    private static string? Filled(string argument, ProviderCall call, WorkFolder job, string output) =>
        argument.Contains("{reference}", StringComparison.Ordinal) && call.References.Count == 0 ? null : argument
            .Replace("{prompt_file}", job.File(PromptFile), StringComparison.Ordinal)
            .Replace("{parameters_file}", job.File(ParametersFile), StringComparison.Ordinal)
            .Replace("{output}", job.File(output), StringComparison.Ordinal)
            .Replace("{reference}", call.References.Count == 0 ? "" : call.References[0].File, StringComparison.Ordinal);
}
