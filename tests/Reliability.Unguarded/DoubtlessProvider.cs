using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Reliability.Unguarded;

/// <summary>A provider that makes a call again when nobody knows what became of it, as many a client library does.</summary>
internal sealed class DoubtlessProvider(IProvider inner) : IProvider, IHookReader
{
    public string Name => inner.Name;

    public bool Repeatable => inner.Repeatable;

    /// <summary>Puts one around every provider, if that guard is left out.</summary>
    public static void Replace(IServiceCollection services)
    {
        foreach (var known in LeftOut.Doubt ? services.Where(service => service.ServiceType == typeof(IProvider)).ToList() : [])
        {
            services.Remove(known);
            services.AddSingleton<IProvider>(provider => new DoubtlessProvider(
                (IProvider)(known.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, known.ImplementationType!))));
        }
    }

    public async Task<Submission> SubmitAsync(ProviderCall call, CancellationToken cancellation)
    {
        var first = await inner.SubmitAsync(call, cancellation);
        return first.Class == SubmissionClass.Ambiguous ? await inner.SubmitAsync(call, cancellation) : first;
    }

    public Task<JobReport> PollAsync(ProviderJob job, CancellationToken cancellation) => inner.PollAsync(job, cancellation);

    public Task<CancelAnswer> CancelAsync(ProviderJob job, CancellationToken cancellation) => inner.CancelAsync(job, cancellation);

    public Task<FetchOutcome> FetchAsync(ProviderJob job, ProviderResult result, string file, CancellationToken cancellation) => inner.FetchAsync(job, result, file, cancellation);

    public HookNotice Read(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, DateTimeOffset now) =>
        inner is IHookReader reader ? reader.Read(headers, body, now) : new(false, "no webhooks", null, null, null);
}
