using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>What an address names could not be fetched.</summary>
public sealed class ImportFailedError : ToolError
{
    /// <param name="host">The host asked last.</param>
    /// <param name="reason">What happened there, as the end of a sentence that begins with the host.</param>
    /// <param name="status">Its answer, if one came.</param>
    public ImportFailedError(string host, string reason, int? status = null) : base("import_failed",
        $"'{host}' {reason}. Nothing was written; check the address, or try again later.") =>
        Facts = new { host, reason, status };
}
