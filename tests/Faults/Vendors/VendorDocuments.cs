using System.Text.Json.Nodes;

namespace Pipeline.Faults.Vendors;

/// <summary>Jobs as each dialect writes them. Beside what is documented each says what it billed, as <c>cost_micros</c>, once the job is over.</summary>
internal sealed class VendorDocuments(Func<string> address)
{
    public string Url(VendorJob job) => $"{address()}/files/{job.Id}/{MadeMedia.NameOf(job.Kind)}";

    public JsonObject FalTicket(VendorJob job)
    {
        var at = $"{address()}/fal/jobs/{job.Id}";
        return new() { ["status"] = "IN_QUEUE", ["request_id"] = job.Id, ["response_url"] = at, ["status_url"] = at + "/status", ["cancel_url"] = at + "/cancel", ["queue_position"] = 0 };
    }

    public static JsonObject FalStatus(VendorJob job)
    {
        var ticket = new JsonObject { ["status"] = job.IsOver ? "COMPLETED" : job.IsRunning ? "IN_PROGRESS" : "IN_QUEUE", ["request_id"] = job.Id };
        if (job.Failed || job.IsCancelled)
        {
            (ticket["error"], ticket["error_type"], ticket["cost_micros"]) = (job.IsCancelled ? "Request cancelled" : "The runner failed", job.IsCancelled ? "request_cancelled" : "runner_failed", job.BilledMicros);
        }

        return ticket;
    }

    public JsonObject FalResult(VendorJob job)
    {
        var file = new JsonObject { ["url"] = Url(job), ["content_type"] = MadeMedia.TypeOf(job.Kind) };
        return job.Kind == "image" ? new() { ["images"] = new JsonArray(file), ["cost_micros"] = job.BilledMicros } : new() { [job.Kind == "audio" ? "audio" : "video"] = file, ["cost_micros"] = job.BilledMicros };
    }

    public JsonObject Prediction(VendorJob job)
    {
        var at = $"{address()}/replicate/v1/predictions/{job.Id}";
        var document = new JsonObject
        {
            ["id"] = job.Id, ["status"] = job.IsCancelled ? "canceled" : job.Failed ? "failed" : job.IsOver ? "succeeded" : job.IsRunning ? "processing" : "starting",
            ["urls"] = new JsonObject { ["get"] = at, ["cancel"] = at + "/cancel" }, ["error"] = job.Failed ? "CUDA out of memory" : null, ["output"] = null, ["metrics"] = new JsonObject(),
        };
        if (job.IsOver)
        {
            document["cost_micros"] = job.BilledMicros;
            document["data_removed"] = job.Fault == VendorFault.Expired;
            document["output"] = job.Failed || job.IsCancelled || job.Fault == VendorFault.Expired ? null : job.Kind == "image" ? new JsonArray(Url(job)) : Url(job);
        }

        return document;
    }

    public static JsonObject Video(VendorJob job)
    {
        var state = job.IsCancelled ? "cancelled" : job.Failed ? "failed" : !job.IsOver ? job.IsRunning ? "in_progress" : "queued" : job.Fault == VendorFault.Expired ? "expired" : "completed";
        var document = new JsonObject { ["id"] = job.Id, ["object"] = "video", ["status"] = state, ["progress"] = job.IsOver ? 100 : job.IsRunning ? 50 : 0 };
        if (job.IsOver)
        {
            document["cost_micros"] = job.BilledMicros;
            document["error"] = job.Failed ? new JsonObject { ["code"] = "generation_failed", ["message"] = "The video could not be made." } : null;
        }

        return document;
    }

    public JsonObject Rest(VendorJob job)
    {
        var state = job.IsCancelled ? "cancelled" : job.Failed ? "failed" : !job.IsOver ? job.IsRunning ? "running" : "queued" : job.Fault == VendorFault.Expired ? "expired" : "succeeded";
        var document = new JsonObject { ["job_id"] = job.Id, ["status"] = state, ["progress"] = job.IsOver ? 1 : 0.5 };
        if (job.IsOver)
        {
            document["cost_micros"] = job.BilledMicros;
            document["error"] = job.Failed ? new JsonObject { ["code"] = "out_of_memory", ["message"] = "It did not fit." } : null;
            document["results"] = state == "succeeded" ? new JsonArray(new JsonObject { ["url"] = Url(job) }) : null;
        }

        return document;
    }

    /// <summary>What the webhook of a job says.</summary>
    public JsonObject Hook(VendorJob job) => job.Door switch
    {
        "fal" => job.Failed || job.IsCancelled || job.Fault == VendorFault.Expired
            ? new() { ["request_id"] = job.Id, ["status"] = "ERROR", ["error"] = "The runner failed", ["payload"] = null, ["cost_micros"] = job.BilledMicros }
            : new() { ["request_id"] = job.Id, ["status"] = "OK", ["payload"] = FalResult(job), ["cost_micros"] = job.BilledMicros },
        "replicate" => Prediction(job),
        "openai" => new() { ["id"] = "evt-" + job.Id, ["type"] = job.Failed ? "video.failed" : "video.completed", ["data"] = new JsonObject { ["id"] = job.Id } },
        _ => Rest(job),
    };
}
