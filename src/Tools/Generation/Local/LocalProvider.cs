using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Media.Recipes;

namespace Pipeline.Tools.Generation.Local;

/// <summary>
/// This machine as a provider: free, always there, the same bytes for the same call. Its generators are synthetic and say so; beside them stand the
/// recipes. The answer is the result, so there is nothing to poll.
/// </summary>
internal sealed class LocalProvider(Ffmpeg ffmpeg, Speaker speaker, Transformer transformer) : IProvider
{
    /// <summary>As cards name it.</summary>
    public const string Own = "local";

    private const string Make = "make";

    private readonly Dictionary<string, ILocalModel> _models = new ILocalModel[]
    {
        new SyntheticGradient(ffmpeg), new SyntheticMandelbrot(ffmpeg), new SyntheticPan(ffmpeg), new SyntheticWaves(ffmpeg), new SyntheticTones(ffmpeg), new FliteSpeech(speaker),
    }.ToDictionary(model => model.Model, StringComparer.Ordinal);

    public string Name => Own;

    public bool Repeatable => true;

    public async Task<Submission> SubmitAsync(ProviderCall call, CancellationToken cancellation)
    {
        var model = _models.GetValueOrDefault(call.Model.Id) ?? (RecipeBook.Names.Contains(call.Capability) ? new RecipeModel(call.Model.Id, transformer) : null);
        if (model is null)
        {
            return new(SubmissionClass.Rejected) { Code = "bad_request", Message = $"This server makes nothing called '{call.Model.Id}'." };
        }

        try
        {
            using var job = WorkFolder.Create(call.Folder, Make);
            var made = await model.MakeAsync(call, job, cancellation).ConfigureAwait(false);
            var file = System.IO.Path.Combine(call.Folder, made);
            File.Move(job.File(made), file);
            return new(SubmissionClass.Done) { Results = [new(file, null, null)], CostMicros = 0 };
        }
        catch (ToolError refusal)
        {
            return new(SubmissionClass.Rejected) { Code = refusal.Code, Message = refusal.Message };
        }
    }

    public Task<JobReport> PollAsync(ProviderJob job, CancellationToken cancellation) => Task.FromResult(new JobReport(JobStanding.Unknown));

    public Task<CancelAnswer> CancelAsync(ProviderJob job, CancellationToken cancellation) => Task.FromResult(CancelAnswer.TooLate);

    public Task<FetchOutcome> FetchAsync(ProviderJob job, ProviderResult result, string file, CancellationToken cancellation) =>
        Task.FromResult(new FetchOutcome(false, Gone: true));

}
