namespace Pipeline.Tools.Generation.Vendors;

/// <summary>
/// How a kind of vendor is spoken to, as data: shipped with the product or changed in the operator's file. Placeholders in templates are
/// <c>{prompt}</c>, <c>{model}</c>, <c>{capability}</c>, <c>{idempotency_key}</c>, <c>{our_job_id}</c>, <c>{hook_url}</c>, <c>{parameters}</c>, <c>{parameter.NAME}</c>,
/// <c>{references}</c>, <c>{images}</c>, <c>{reference.N}</c>, <c>{image.N}</c>, <c>{video.N}</c>, <c>{audio.N}</c>; in headers also <c>{key}</c>. Pointers are JSON pointers
/// (RFC 6901) in which <c>*</c> stands for every element.
/// </summary>
public sealed record Dialect
{
    public required string Name { get; init; }

    /// <summary>For people.</summary>
    public string? Note { get; init; }

    /// <summary>Sent with everything that goes to the vendor's own hosts.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public required SubmitRule Submit { get; init; }

    /// <summary>Null when every answer is the result itself.</summary>
    public PollRule? Poll { get; init; }

    /// <summary>Null when the vendor knows no cancelling.</summary>
    public CancelRule? Cancel { get; init; }

    public DownloadRule Download { get; init; } = new();

    public ErrorRules Errors { get; init; } = new();

    /// <summary>Null when the vendor tells nothing by itself.</summary>
    public HookRule? Webhook { get; init; }
}

/// <summary>What a 2xx to a submission is.</summary>
public enum AnswerKind
{
    /// <summary>A job that is asked after.</summary>
    Job,

    /// <summary>A JSON document with the results in it.</summary>
    Results,

    /// <summary>The bytes of the one result.</summary>
    Bytes,
}

/// <summary>How work is asked for.</summary>
public sealed record SubmitRule
{
    public string Method { get; init; } = "POST";

    /// <summary>Appended to the base address. <c>{model}</c> keeps its slashes.</summary>
    public required string Path { get; init; }

    /// <summary>Query parameters; one whose template has no value is left out.</summary>
    public IReadOnlyDictionary<string, string> Query { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>A JSON body. A member whose template has no value is left out; <c>"*": "{parameters}"</c> adds those not named elsewhere.</summary>
    public System.Text.Json.Nodes.JsonObject? Body { get; init; }

    /// <summary>A multipart body instead: text fields.</summary>
    public IReadOnlyDictionary<string, string>? Form { get; init; }

    /// <summary>Files of a multipart body: field to <c>image.0</c>, <c>audio.0</c>, <c>reference.0</c>; one that is not there is left out.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Which header carries the key of the intent, the same on every attempt.</summary>
    public string? IdempotencyHeader { get; init; }

    /// <summary>The largest reference that is put into a JSON body.</summary>
    public long MaxInlineBytes { get; init; } = 8L << 20;

    /// <summary>Until the whole answer is there.</summary>
    public double TimeoutSeconds { get; init; } = 60;

    public AnswerKind Answer { get; init; } = AnswerKind.Job;

    /// <summary>Where the job's name stands in the answer.</summary>
    public IReadOnlyList<string> JobId { get; init; } = [];

    /// <summary>What to keep to ask by: name to pointer.</summary>
    public IReadOnlyDictionary<string, string> Handles { get; init; } = new Dictionary<string, string>();

    /// <summary>Where addresses of results stand, with <see cref="AnswerKind.Results"/>.</summary>
    public IReadOnlyList<string> Results { get; init; } = [];

    /// <summary>Where results stand as base64, with <see cref="AnswerKind.Results"/>.</summary>
    public IReadOnlyList<string> Base64 { get; init; } = [];

    public CostRule? Cost { get; init; }
}

/// <summary>How an accepted job is asked after.</summary>
public sealed record PollRule
{
    public string Method { get; init; } = "GET";

    /// <summary>The handle to ask at; goes before <see cref="Path"/>.</summary>
    public string? Handle { get; init; }

    /// <summary>Where to ask when no handle is kept; <c>{job_id}</c> is the vendor's, <c>{model_app}</c> the first two parts of its model's name.</summary>
    public string? Path { get; init; }

    public required ReportRule Report { get; init; }

    /// <summary>The handle at which a finished job's result is read, when it does not stand in the report.</summary>
    public string? ResultHandle { get; init; }

    /// <summary>Where to read it when no handle is kept.</summary>
    public string? ResultDocumentPath { get; init; }

    /// <summary>Pointers that, in an answer of 500 and above at <see cref="ResultHandle"/>, mean that the job itself failed.</summary>
    public IReadOnlyList<string> ResultFailedIf { get; init; } = [];

    public double TimeoutSeconds { get; init; } = 30;
}

/// <summary>How cancelling is asked for.</summary>
public sealed record CancelRule
{
    public string Method { get; init; } = "POST";

    public string? Handle { get; init; }

    public string? Path { get; init; }

    /// <summary>Statuses that say that the job is done already.</summary>
    public IReadOnlyList<int> TooLateStatuses { get; init; } = [];
}

/// <summary>How results are fetched.</summary>
public sealed record DownloadRule
{
    /// <summary>Whether the vendor's key goes along to its own base address. It never goes elsewhere.</summary>
    public bool Authorized { get; init; }

    /// <summary>Statuses after which the result will never be had.</summary>
    public IReadOnlyList<int> GoneStatuses { get; init; } = [404, 410];
}
