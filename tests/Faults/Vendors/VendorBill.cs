using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Pipeline.Faults.Vendors;

/// <summary>What the vendor accepted and billed, and every request that it saw.</summary>
public sealed class VendorBill
{
    private readonly Lock _gate = new();
    private readonly List<VendorJob> _jobs = [];
    private readonly Dictionary<string, VendorJob> _byKey = [];

    /// <summary>Every line, in order.</summary>
    public IReadOnlyList<VendorJob> Jobs
    {
        get
        {
            lock (_gate)
            {
                return [.. _jobs];
            }
        }
    }

    public long TotalMicros => Jobs.Sum(job => job.BilledMicros);

    /// <summary>Requests for work with their fault, whether accepted or not: intent, key, fault.</summary>
    public ConcurrentQueue<(string Intent, string? Key, VendorFault Fault)> Requests { get; } = [];

    /// <summary>Intents of which more than one line is on the bill, with money on it.</summary>
    public IReadOnlyList<string> BoughtTwice => [.. Jobs.Where(job => job.BilledMicros > 0).GroupBy(job => job.Intent).Where(same => same.Count() > 1).Select(same => same.Key)];

    /// <summary>Every line, its total and what was bought twice.</summary>
    public JsonObject ToJson()
    {
        var lines = Jobs;
        return new()
        {
            ["requests"] = Requests.Count,
            ["total_micros"] = lines.Sum(line => line.BilledMicros),
            ["bought_twice"] = new JsonArray([.. BoughtTwice.Select(intent => JsonValue.Create(intent))]),
            ["lines"] = new JsonArray([.. lines.Select(line => new JsonObject
            {
                ["job_id"] = line.Id, ["dialect"] = line.Door, ["intent"] = line.Intent, ["key"] = line.Key, ["fault"] = line.Fault.ToString(), ["billed_micros"] = line.BilledMicros,
            })]),
        };
    }

    public VendorJob? Find(string id) => Jobs.FirstOrDefault(job => job.Id == id);

    internal VendorJob Accept(VendorSettings settings, string door, string model, string intent, string? key, VendorFault fault, string kind, string? hookUrl)
    {
        lock (_gate)
        {
            if (settings.HonoursKeys && key is not null && _byKey.TryGetValue(key, out var known))
            {
                return known;
            }

            var number = _jobs.Count + 1;
            var offer = settings.Offer?.Invoke(model) ?? new(settings.PriceMicros(number), settings.JobTime);
            var job = new VendorJob(number, $"{door}-{number:D6}", door, intent, key, fault, kind, offer, hookUrl);
            _jobs.Add(job);
            if (key is not null)
            {
                _byKey[key] = job;
            }

            return job;
        }
    }
}
