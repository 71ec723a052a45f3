using System.Text.Json.Nodes;
using Pipeline.Faults.Vendors;
using Pipeline.Reliability.Reporting;
using Pipeline.Reliability.Runs;

namespace Pipeline.Reliability.Purchases;

/// <summary>Holds what the server lists and charges against the vendor's own bill.</summary>
internal sealed class PurchaseJudge(Rig rig, VendorServer vendor, Findings findings)
{
    private static readonly TimeSpan HooksLate = TimeSpan.FromSeconds(5);

    private long _knownBillMicros, _chargedMicros, _openBillMicros, _openBoundMicros;
    private int _unfetchable;

    public async Task JudgeAsync(int count, CancellationToken cancellation)
    {
        await Task.Delay(HooksLate, cancellation); // what is ambiguous may still be told by a webhook
        var jobs = await SettledAsync(cancellation);
        var versions = (await PagesAsync("list_assets", "assets")).ToDictionary(asset => asset.Text("asset"), asset => asset.Whole("version"));
        var bill = vendor.Bill.Jobs.ToLookup(line => line.Intent);
        for (var n = 0; n < count; n++)
        {
            JudgeIntent(Shop.IntentOf(n), Shop.OutputOf(n), jobs.GetValueOrDefault(Shop.OutputOf(n)), [.. bill[Shop.IntentOf(n)]], versions);
        }

        JudgeClients(jobs.Values);
        var ledger = await rig.Operator.AskAsync("report_costs", new() { ["workspace"] = Shop.Workspace });
        findings.Require(ledger.Whole("cost_micros") == _chargedMicros, $"The ledger holds {ledger.Whole("cost_micros")} micros, the jobs say {_chargedMicros}.");
        findings.Require(_knownBillMicros == _chargedMicros, $"The vendor billed {_knownBillMicros} micros for what is known, the ledger holds {_chargedMicros}.");
        findings.Require(_openBillMicros <= _openBoundMicros, $"The vendor billed {_openBillMicros} micros for what is unknown, {_openBoundMicros} are held for it.");
        findings.Require(_knownBillMicros + _openBillMicros == vendor.Bill.TotalMicros, "Something is on the vendor's bill that no intent asked for.");
        foreach (var reused in vendor.Bill.Requests.GroupBy(request => request.Intent).Where(same => same.Select(request => request.Key).Distinct().Count() != 1))
        {
            findings.Violation($"{reused.Key} was sent under several keys.");
        }

        Count(count, jobs);
    }

    private void JudgeIntent(string intent, string output, JsonObject? job, VendorJob[] lines, Dictionary<string, long> versions)
    {
        if (job is null)
        {
            findings.Violation($"{intent} is no job.");
            return;
        }

        var (state, billing, billMicros) = (job.Text("state"), job.Text("billing"), lines.Sum(line => line.BilledMicros));
        findings.Require(lines.Length <= 1, $"{intent} was bought {lines.Length} times: {string.Join(", ", lines.Select(line => $"{line.Id} {line.Fault} {line.BilledMicros}"))}.");
        if (billing == "unknown")
        {
            (_openBillMicros, _openBoundMicros) = (_openBillMicros + billMicros, _openBoundMicros + job.Whole("bound_micros"));
        }
        else
        {
            (_knownBillMicros, _chargedMicros) = (_knownBillMicros + billMicros, _chargedMicros + job.Whole("cost_micros"));
            findings.Require(billing is "billed" or "unbilled", $"{intent} is {state} and its bill {billing}.");
            findings.Require(billMicros == job.Whole("cost_micros"), $"{intent} ({state}) is billed {billMicros} micros by the vendor ({string.Join(", ", lines.Select(line => line.Fault))}) and charged {job.Whole("cost_micros")}.");
        }

        findings.Require(state == "done" == versions.TryGetValue(output, out var version), $"{intent} is {state}, its asset is {(version == 0 ? "not there" : "there")}.");
        findings.Require(version <= 1, $"{intent} was written {version} times.");
        if (lines is [{ Succeeds: true } made])
        {
            findings.Require(state is "done" or "ambiguous", $"{intent} was made as {made.Id} ({made.Fault}) and is {state}: {job.ToJsonString()}");
        }
        else
        {
            _unfetchable += lines.Length > 0 && billMicros > 0 ? 1 : 0;
            findings.Require(state is not "done", $"{intent} is done without having been made.");
        }
    }

    private void JudgeClients(IEnumerable<JsonObject> jobs)
    {
        var byId = jobs.ToDictionary(job => job.Text("job_id"), job => job.Text("state"));
        foreach (var told in rig.Recorder.Read().Notes("purchase_ended"))
        {
            var (said, id) = (told.Body!.Text("state"), told.Body!.Text("job_id"));
            var isSo = byId.TryGetValue(id, out var now) && (now == said || said == "ambiguous"); // a webhook may have told since
            findings.Require(isSo, $"{Shop.IntentOf((int)told.Body!.Whole("n"))} was said to be {said} and is {now ?? "no job"}.");
        }
    }

    // Everything goes on by itself but what is ambiguous.
    private async Task<Dictionary<string, JsonObject>> SettledAsync(CancellationToken cancellation)
    {
        for (var look = 0; ; look++)
        {
            var jobs = await PagesAsync("list_jobs", "jobs");
            var open = jobs.Where(job => job.Text("state") is "planned" or "submitting" or "accepted" or "cancelling" or "fetching").ToList();
            if (open.Count == 0 || look == 60)
            {
                open.ForEach(job => findings.Violation($"A job did not end: {job.ToJsonString()}"));
                foreach (var twice in jobs.GroupBy(job => job.Text("output")).Where(same => same.Count() > 1))
                {
                    findings.Violation($"{twice.Key} is {twice.Count()} jobs.");
                }

                return jobs.GroupBy(job => job.Text("output")).ToDictionary(same => same.Key, same => same.First());
            }

            await Task.Delay(1_000, cancellation);
        }
    }

    private async Task<List<JsonObject>> PagesAsync(string tool, string list)
    {
        var all = new List<JsonObject>();
        string? cursor = null;
        do
        {
            var ask = new JsonObject { ["workspace"] = Shop.Workspace, ["limit"] = 100 };
            if (cursor is not null)
            {
                ask["cursor"] = cursor;
            }

            var page = await rig.Operator.AskAsync(tool, ask);
            all.AddRange(page[list]!.AsArray().Select(one => one!.AsObject()));
            cursor = (string?)page["cursor"];
        }
        while (cursor is not null);

        return all;
    }

    private void Count(int count, Dictionary<string, JsonObject> jobs)
    {
        findings.Figures["intents"] = count;
        foreach (var state in jobs.Values.GroupBy(job => job.Text("state")).OrderBy(same => same.Key, StringComparer.Ordinal))
        {
            findings.Figures["intents_" + state.Key] = state.Count();
        }

        findings.Figures["vendor_requests"] = vendor.Bill.Requests.Count;
        findings.Figures["vendor_requests_at_fault"] = vendor.Bill.Requests.Count(request => request.Fault != VendorFault.None);
        findings.Figures["bought_twice"] = vendor.Bill.BoughtTwice.Count;
        findings.Figures["vendor_bill_micros"] = vendor.Bill.TotalMicros;
        findings.Figures["known_bill_micros"] = _knownBillMicros;
        findings.Figures["ledger_micros"] = _chargedMicros;
        findings.Figures["unknown_bill_micros"] = _openBillMicros;
        findings.Figures["unknown_bound_micros"] = _openBoundMicros;
        findings.Figures["paid_without_a_result"] = _unfetchable;
    }
}
