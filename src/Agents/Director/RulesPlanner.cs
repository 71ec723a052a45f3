using System.Text.Json.Nodes;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Director;

/// <summary>
/// Writes a processing plan by rules, without a model. It has the four patterns: a chain (probe, ingest, search, cut, delivery),
/// parallel branches (analysis beside transcription and indexing), a fan-out over the moments that were found, and conditions on
/// measured quality that send a flawed segment to the repair that fits its flaw and a good one past it. Pure.
/// </summary>
public static class RulesPlanner
{
    private static readonly string[] Deliverables = ["deliver"];

    /// <summary>The plan as create_plan takes it.</summary>
    public static JsonObject Write(PlanRequest request, ShotList shots)
    {
        List<object?> steps = [.. Ingest(request), .. Search(request, shots), Cut(request, shots), .. Repairs(request), .. Finish(request)];
        return Wire.Object(new { name = request.Name, deliverables = Deliverables, steps = steps.Where(step => step is not null) });
    }

    /// <summary>How many moments are asked for.</summary>
    public static int Segments(PlanRequest request, ShotList shots)
    {
        var wanted = shots.TargetSeconds is { } seconds ? (int)Math.Ceiling(seconds / 4) : Math.Max(4, shots.Shots.Count + 2);
        return Math.Clamp(wanted, 1, request.Standards.MaxSegments);
    }

    private static IEnumerable<object?> Ingest(PlanRequest request)
    {
        yield return new { id = "probe", capability = "probe", inputs = new { asset = request.Source } };
        yield return new
        {
            id = "analyze",
            capability = "analyze",
            needs = new[] { "probe" },
            inputs = new { asset = request.Source, checks = new[] { "scenes", "black", "freeze", "silence", "loudness", "sharpness", "noise" } },
        };
        yield return request.Transcript is not null ? null : new
        {
            id = "transcribe",
            capability = "transcribe",
            needs = new[] { "probe" },
            when = "steps.probe.outputs.has_audio",
            inputs = new { asset = request.Source, output = $"{request.Workspace}/transcripts/{request.Name}.vtt" },
        };
        yield return new
        {
            id = "index",
            capability = "index",
            needs = new[] { request.Transcript is null ? "transcribe" : "probe" },
            inputs = new { asset = request.Source, transcript_asset = request.Transcript ?? "${steps.transcribe.outputs.transcript_asset}", source = "director" },
        };
    }

    // What is said is looked for first; only where nothing is, the scenes that analysis found stand in.
    private static IEnumerable<object?> Search(PlanRequest request, ShotList shots)
    {
        var limit = Segments(request, shots);
        yield return new
        {
            id = "find",
            capability = "query",
            needs = new[] { "index", "analyze" },
            inputs = new { query = Literal(shots.Query()), asset = request.Source, kinds = new[] { "transcript" }, limit },
        };
        yield return new
        {
            id = "find-scenes",
            capability = "query",
            needs = new[] { "find" },
            when = "steps.find.metrics.hits == 0",
            inputs = new { query = Literal("scene " + shots.Query()), asset = request.Source, kinds = new[] { "frame_tag" }, filter = new { label = "scene" }, limit },
            expect = new { probability = 0.2 },
        };
    }

    private static object Cut(PlanRequest request, ShotList shots) => new
    {
        id = "cut",
        capability = "extract",
        needs = new[] { "find", "find-scenes" },
        for_each = "${coalesce_each(steps.find.outputs.hits, steps.find-scenes.outputs.hits)}",
        inputs = new
        {
            asset = "${item.asset}@${item.version}",
            start_seconds = "${item.start_seconds}",
            end_seconds = FormattableString.Invariant($"${{min(item.end_seconds, item.start_seconds + {request.Standards.MaxSegmentSeconds})}}"),
            mode = "exact",
            output = request.Segment(""),
        },
        expect = new { items = Segments(request, shots), media_seconds = 4 },
    };

    // Noise goes first: sharpening it would make it worse.
    private static IEnumerable<object?> Repairs(PlanRequest request)
    {
        var (clean, sharp) = (request.Standards.MinCleanness, request.Standards.MinSharpness);
        yield return Repair(request, "denoise", "cleanness", clean, FormattableString.Invariant($"item.metrics.cleanness < {clean}"), 0.6);
        yield return Again(request, "denoise");
        yield return Repair(request, "sharpen", "sharpness", sharp, FormattableString.Invariant($"item.metrics.sharpness < {sharp} && !(item.metrics.cleanness < {clean})"), 0.6);
        yield return Again(request, "sharpen");
    }

    private static object Repair(PlanRequest request, string recipe, string metric, double min, string when, double strength) => new
    {
        id = recipe,
        capability = recipe,
        needs = new[] { "cut" },
        for_each = "${steps.cut.items}",
        when,
        inputs = new { asset = "${item.outputs.asset}", strength, output = request.Segment($"-{recipe}") },
        quality = new { metric, min, on_fail = new { route_to = $"{recipe}-more", max = 1 } },
        tier = "delivery",
        expect = new { probability = 0.2, items = 4, media_seconds = 4 },
    };

    // The repaired segment is measured again; one that is still below the bar is tried at full strength, from the cut itself.
    private static object Again(PlanRequest request, string recipe) => new
    {
        id = $"{recipe}-more",
        capability = recipe,
        inputs = new { asset = "${item.outputs.asset}", strength = 1, output = request.Segment($"-{recipe}-more") },
        tier = "delivery",
        expect = new { probability = 0.05, media_seconds = 4 },
    };

    private static IEnumerable<object?> Finish(PlanRequest request)
    {
        yield return new
        {
            id = "compose",
            capability = "compose",
            needs = new[] { "cut", "denoise", "sharpen" },
            inputs = new
            {
                clips = "${coalesce_each(steps.denoise.items[*].outputs.asset, steps.sharpen.items[*].outputs.asset, steps.cut.items[*].outputs.asset)}",
                captions = "${steps.find.outputs.hits[*].text}",
                loudness_lufs = request.Standards.LoudnessLufs,
                output = request.Delivery,
            },
            expect = new { media_seconds = 16 },
        };
        yield return new
        {
            id = "check",
            capability = "check",
            needs = new[] { "compose" },
            inputs = new
            {
                asset = "${steps.compose.outputs.asset}",
                expected_duration_seconds = "${steps.compose.metrics.duration_seconds}",
                // Footage without sound has no loudness; the film then has a silent track.
                source_loudness_lufs = "${coalesce(max(steps.cut.items[*].metrics.loudness_lufs), 0 - 70)}",
            },
            quality = new { metric = "passed", min = 1, on_fail = "fail" },
        };
        yield return new
        {
            id = "sheet",
            capability = "contact_sheet",
            needs = new[] { "compose" },
            inputs = new { asset = "${steps.compose.outputs.asset}", output = request.ContactSheet },
        };
        yield return new
        {
            id = "deliver",
            capability = "deliver",
            needs = new[] { "check", "sheet" },
            inputs = new { asset = "${steps.compose.outputs.asset}", path = request.ExportPath },
        };
        yield return request.NotifyEvent is not { } kind ? null : new
        {
            id = "notify",
            capability = "notify",
            needs = new[] { "deliver" },
            inputs = new { @event = kind, payload = new { asset = "${steps.deliver.outputs.asset}", sha256 = "${steps.deliver.outputs.sha256}" } },
        };
    }

    // Words of a brief are data: what looks like an expression in them stays as it is written.
    private static string Literal(string text) => text.Replace("${", "$${", StringComparison.Ordinal);
}
