using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Pipeline.Index.Embeddings;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Filters;

/// <summary>The one place where a failure becomes a tool result: code, message, facts, and what to do next.</summary>
internal sealed partial class ErrorFilter(ILogger<ErrorFilter> log)
{
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Wrap(McpRequestHandler<CallToolRequestParams, CallToolResult> next) => async (request, cancellation) =>
    {
        try
        {
            return await next(request, cancellation).ConfigureAwait(false);
        }
        catch (ToolError error)
        {
            return ErrorResult.Of(new(error.Code, error.Message, error.Facts, error.RetryAfterSeconds, error.Next));
        }
        catch (StorageFailedException failure)
        {
            return ErrorResult.Of(failure.Full
                ? ErrorResult.StorageFull
                : failure.IsObjectStore ? ErrorResult.ObjectStoreFailed(failure)
                : failure.Told ? ErrorResult.Unavailable(failure)
                : new("storage_failed", "The data folder could not be written; nothing was kept. The server's log says more.", null, 5, null));
        }
        catch (IOException failure) when (StorageFailedException.IsFull(failure))
        {
            return ErrorResult.Of(ErrorResult.StorageFull);
        }
        catch (ObjectDamagedException failure)
        {
            return ErrorResult.Of(ErrorResult.Damaged(failure));
        }
        catch (EmbeddingFailedException failure)
        {
            return ErrorResult.Of(new("embedding_failed", failure.Message, new { failure.Model }, 5, null));
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or McpException))
        {
            LogFailure(log, request.Params.Name, failure);
            return ErrorResult.Of(new("internal", $"'{request.Params.Name}' failed inside the server ({failure.GetType().Name}); its log has the details.", null, null, null));
        }
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Tool} failed")]
    private static partial void LogFailure(ILogger log, string tool, Exception failure);
}
