using Pipeline.McpServer.Filters;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.McpServer.Http;

/// <summary>Refusals of uploads and downloads: the same code, message and facts as a tool gives, under a fitting HTTP status.</summary>
internal static class TransferRefusal
{
    /// <summary>Runs a request and answers what went wrong with it.</summary>
    public static async Task<IResult> GuardAsync(Func<Task<IResult>> request)
    {
        try
        {
            return await request().ConfigureAwait(false);
        }
        catch (ToolError error)
        {
            return Results.Json(new ErrorBody(error.Code, error.Message, error.Facts, error.RetryAfterSeconds, error.Next), Wire.Json, statusCode: StatusOf(error.Code));
        }
        catch (IOException failure) when (failure is StorageFailedException { Full: true } || StorageFailedException.IsFull(failure))
        {
            return Results.Json(ErrorResult.StorageFull, Wire.Json, statusCode: StatusCodes.Status507InsufficientStorage);
        }
        catch (ObjectDamagedException failure)
        {
            return Results.Json(ErrorResult.Damaged(failure), Wire.Json, statusCode: StatusCodes.Status500InternalServerError);
        }
        catch (StorageFailedException failure) when (failure.IsObjectStore)
        {
            return Results.Json(ErrorResult.ObjectStoreFailed(failure), Wire.Json, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (StorageFailedException failure) when (failure.Told)
        {
            return Results.Json(ErrorResult.Unavailable(failure), Wire.Json, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        catch (StorageFailedException)
        {
            return Results.Json(
                new ErrorBody("storage_failed", "The data folder could not be written; what is on disk stays. Try again later.", null, 30, null), Wire.Json,
                statusCode: StatusCodes.Status507InsufficientStorage);
        }
    }

    private static int StatusOf(string code) => code switch
    {
        "not_found" => StatusCodes.Status404NotFound,
        "forbidden" => StatusCodes.Status403Forbidden,
        "too_large" => StatusCodes.Status413PayloadTooLarge,
        "checksum_mismatch" => StatusCodes.Status422UnprocessableEntity,
        "invalid_argument" => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status409Conflict,
    };
}
