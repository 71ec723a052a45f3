using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>Another request is sending the same upload right now.</summary>
public sealed class UploadBusyError : ToolError
{
    public UploadBusyError() : base("upload_busy", "Another request is sending this upload. Wait until it ends, ask for the offset, and go on from there.") => RetryAfterSeconds = 1;
}
