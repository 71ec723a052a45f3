using System.Net.Http.Headers;
using System.Text;
using Pipeline.Tools.Generation.Providers;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>Makes the requests that a dialect describes.</summary>
internal sealed class VendorRequests(Dialect dialect, ProviderEntry entry, VendorSecrets secrets, VendorAddresses addresses)
{
    /// <summary>The request for the work.</summary>
    /// <returns>Null and why, when it cannot be made of this call.</returns>
    public async Task<(HttpRequestMessage? Request, string? Problem)> SubmitAsync(ProviderCall call, CancellationToken cancellation)
    {
        var rule = dialect.Submit;
        if (CallValues.ModelName(entry, call.Model.Id) is not { } model)
        {
            return (null, "the model's name cannot stand in an address; give it one under 'models'");
        }

        var isForm = rule.Form is not null;
        var inline = new List<InlineReference>();
        foreach (var reference in isForm ? [] : call.References)
        {
            if (new FileInfo(reference.File).Length > rule.MaxInlineBytes)
            {
                return (null, $"the reference {reference.Asset} is larger than the {rule.MaxInlineBytes} bytes that go into a request");
            }

            inline.Add(new(reference.MediaType, $"data:{reference.MediaType};base64,{Convert.ToBase64String(await File.ReadAllBytesAsync(reference.File, cancellation).ConfigureAwait(false))}"));
        }

        var template = new CallTemplate(new CallValues(call, model, inline).Of);
        var path = template.Text(rule.Path, static value => string.Join('/', value.Split('/').Select(Uri.EscapeDataString))) ?? "/";
        var request = new HttpRequestMessage(new(rule.Method), addresses.At(path + Query(rule, template))) { Content = isForm ? Form(rule, template, call) : Json(rule, template) };
        foreach (var (name, value) in rule.Headers)
        {
            if (template.Text(value) is { } filled)
            {
                request.Headers.TryAddWithoutValidation(name, filled);
            }
        }

        if (rule.IdempotencyHeader is { } header)
        {
            request.Headers.TryAddWithoutValidation(header, call.IdempotencyKey);
        }

        Sign(request);
        return (request, null);
    }

    /// <summary>A request about a job.</summary>
    /// <returns>Null when neither handle nor path leads to the vendor's own hosts.</returns>
    public HttpRequestMessage? About(ProviderJob job, string method, string? handle, string? path)
    {
        var address = handle is not null && job.Handles[handle]?.GetValue<string>() is { } told ? addresses.Handle(told)
            : path is null ? null
            : path.Contains("{model_app}", StringComparison.Ordinal) ? CallValues.ModelName(entry, job.Model.Id) is { } model ? addresses.At(Path(path, job.VendorJobId).Replace("{model_app}", string.Join('/', model.Split('/').Take(2)), StringComparison.Ordinal)) : null
            : addresses.At(Path(path, job.VendorJobId));
        if (address is null)
        {
            return null;
        }

        var request = new HttpRequestMessage(new(method), address);
        Sign(request);
        return request;
    }

    /// <summary>A dialect's path with the job's name in it.</summary>
    public static string Path(string path, string vendorJobId) => path.Replace("{job_id}", Uri.EscapeDataString(vendorJobId), StringComparison.Ordinal);

    /// <summary>Puts the vendor's headers on a request to its own hosts.</summary>
    public void Sign(HttpRequestMessage request)
    {
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        foreach (var (name, template) in dialect.Headers.Concat(entry.Headers))
        {
            if (entry.KeyEnv is not null || !template.Contains("{key}", StringComparison.Ordinal))
            {
                request.Headers.Remove(name);
                request.Headers.TryAddWithoutValidation(name, secrets.Header(template));
            }
        }
    }

    private static string Query(SubmitRule rule, CallTemplate template)
    {
        var parts = rule.Query.Select(part => (part.Key, Value: template.Text(part.Value))).Where(part => part.Value is not null)
            .Select(part => $"{Uri.EscapeDataString(part.Key)}={Uri.EscapeDataString(part.Value!)}").ToList();
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);
    }

    private static StringContent Json(SubmitRule rule, CallTemplate template)
    {
        var content = new StringContent(template.Fill(rule.Body ?? []).ToJsonString(), Encoding.UTF8);
        content.Headers.ContentType = new("application/json");
        return content;
    }

    private static MultipartFormDataContent Form(SubmitRule rule, CallTemplate template, ProviderCall call)
    {
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in rule.Form!)
        {
            if (template.Text(value) is { } filled)
            {
                form.Add(new StringContent(filled), name);
            }
        }

        foreach (var (name, which) in rule.Files)
        {
            var (kind, at) = which.Split('.') is [var first, var second] && int.TryParse(second, out var place) ? (first, place) : (which, 0);
            if (call.References.Where(reference => kind == "reference" || reference.MediaType.StartsWith(kind + "/", StringComparison.Ordinal)).ElementAtOrDefault(at) is { } reference)
            {
                var content = new StreamContent(File.OpenRead(reference.File)); // disposed with the form
                content.Headers.ContentType = new(reference.MediaType);
                form.Add(content, name, System.IO.Path.GetFileName(reference.File));
            }
        }

        return form;
    }
}
