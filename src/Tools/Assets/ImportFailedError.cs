using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>What an address names could not be fetched.</summary>
public sealed class ImportFailedError : ToolError
{
    /// <param name="host">The host asked last.</param>
    /// <param name="reason">What happened there, as the end of a sentence that begins with the host.</param>
    /// <param name="status">Its answer, if one came.</param>
    /// <param name="bytesKept">What came before and is gone on from by the same call.</param>
    public ImportFailedError(string host, string reason, int? status = null, long bytesKept = 0) : base("import_failed",
        $"'{host}' {reason}. " + (bytesKept > 0
            ? $"Nothing was written, but {bytesKept} bytes are kept for a day: the same call goes on from there."
            : "Nothing was written; check the address, or try again later.")) =>
        Facts = new { host, reason, status, bytes_kept = bytesKept };
}
