using System.Globalization;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>
/// A vendor behind HTTP, spoken to as its dialect says. Its key comes from the server's environment by name when a request is made, goes into headers to
/// the vendor's own hosts, and stands in nothing that is returned.
/// </summary>
public sealed class HttpProvider : IProvider, IHookReader, IDisposable
{
    private readonly GuardedHttp _own, _foreign;
    private readonly VendorSubmission _submission;
    private readonly VendorPolling _polling;
    private readonly VendorDownload _download;
    private readonly HookReading _hooks;
    private readonly HookKeys? _keys;

    /// <param name="entry">Of the operator's file, with a dialect.</param>
    /// <param name="egress">Which addresses may be reached beside the entry's own.</param>
    /// <param name="environment">The server's environment: keys are read at each request.</param>
    /// <param name="time">Measures time outs and the age of keys.</param>
    /// <exception cref="InvalidProvidersError">The entry cannot be used.</exception>
    public HttpProvider(ProviderEntry entry, EgressOptions egress, Func<string, string?> environment, TimeProvider time)
    {
        Name = entry.Name;
        var dialect = OperatorProviders.DialectOf(entry);
        var secrets = new VendorSecrets(entry, environment);
        var addresses = new VendorAddresses(entry, egress);
        var requests = new VendorRequests(dialect, entry, secrets, addresses);
        var (reports, refusals) = (new Reports(addresses, secrets), new Refusals(dialect.Errors, secrets, time));
        _own = new(addresses.Own, time);
        _foreign = new(addresses.Results, time);
        _submission = new(dialect, entry, secrets, requests, reports, refusals, new(addresses.Own, time));
        _polling = new(dialect, secrets, requests, reports, refusals, new(_own));
        _download = new(dialect.Download, entry, addresses, requests, secrets, _foreign, time);
        _keys = dialect.Webhook is { Algorithm: HookAlgorithm.Ed25519, KeysUrl: { } url } ? new(url, _own, time) : null;
        _hooks = new(dialect.Webhook, secrets, reports, _keys);
    }

    public string Name { get; }

    public bool Repeatable => false;

    public async Task<Submission> SubmitAsync(ProviderCall call, CancellationToken cancellation)
    {
        if (call.HookUrl is not null && _keys is not null)
        {
            await _keys.KeepAsync(cancellation).ConfigureAwait(false);
        }

        return await _submission.SendAsync(call, cancellation).ConfigureAwait(false);
    }

    public async Task<JobReport> PollAsync(ProviderJob job, CancellationToken cancellation) => await _polling.PollAsync(job, cancellation).ConfigureAwait(false);

    public Task<CancelAnswer> CancelAsync(ProviderJob job, CancellationToken cancellation) => _polling.CancelAsync(job, cancellation);

    public async Task<FetchOutcome> FetchAsync(ProviderJob job, ProviderResult result, string file, CancellationToken cancellation)
    {
        if (result.Url is { } url)
        {
            return await _download.FetchAsync(url, job.Model, file, cancellation).ConfigureAwait(false);
        }

        if (result.File is not { } made || !File.Exists(made))
        {
            return new(false, Gone: true, "expired", string.Create(CultureInfo.InvariantCulture, $"The file of the result of {job.JobId} is gone."));
        }

        File.Move(made, file, overwrite: true);
        return new(true);
    }

    public HookNotice Read(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, DateTimeOffset now) => _hooks.Read(headers, body, now);

    public void Dispose()
    {
        _own.Dispose();
        _foreign.Dispose();
    }
}
