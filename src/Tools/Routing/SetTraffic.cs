using ModelContextProtocol.Server;
using Pipeline.Storage.State;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Models;

namespace Pipeline.Tools.Routing;

[Tool(Toolset.Admin, Changes = true, Admin = true)]
internal sealed partial class SetTraffic(Call call, CatalogueBook book)
{
    private const double Rounding = 1e-6;
    private const int MostSteps = 50;

    /// <summary>Splits a capability's shots between models, the same shot always to the same one, and compares how they did. Without weights, shadow and ramp it only shows; weights {} ends the split.</summary>
    /// <param name="capability">Such as generate_video.</param>
    /// <param name="weights">{model: share}; shares add up to 1.</param>
    /// <param name="shadow">{model, share, budget_micros}: makes a share of shots as well.</param>
    /// <param name="ramp">[{at, weights}]: shares that take over at a time.</param>
    /// <param name="if_version">Only if the split is at this version; 0 for none.</param>
    [McpServerTool(Name = "set_traffic", Title = "Set traffic", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    public async partial Task<TrafficResult> RunAsync(
        string capability, IReadOnlyDictionary<string, double>? weights = null, ShadowRule? shadow = null, IReadOnlyList<RampStep>? ramp = null, long? if_version = null,
        CancellationToken cancellation = default)
    {
        if (call.Caller.Workspaces is not null)
        {
            throw new ForbiddenError("access to all workspaces", "some");
        }

        if (shadow is { Model: null } || ramp?.Any(step => step?.Weights is null) == true)
        {
            throw new InvalidArgumentError(shadow is { Model: null } ? "shadow.model" : "ramp", "A shadow names its model, and each step of a ramp its weights.");
        }

        if (weights is null && shadow is null && ramp is null)
        {
            return await call.Database.ReadAsync(async query =>
            {
                (await book.CurrentAsync(query).ConfigureAwait(false)).RequireFor(capability);
                return await ShowAsync(query, capability, await TrafficTable.FindAsync(query, capability).ConfigureAwait(false)).ConfigureAwait(false);
            }, cancellation).ConfigureAwait(false);
        }

        if (ramp?.Count > MostSteps)
        {
            throw new InvalidArgumentError("ramp", $"A ramp has at most {MostSteps} steps.");
        }

        return await call.CommitAsync("", null, async tx =>
        {
            var before = await TrafficTable.FindAsync(tx, capability).ConfigureAwait(false);
            if (if_version is { } expected && expected != (before?.Version ?? 0))
            {
                throw new VersionConflictError(capability, expected, before?.Version ?? 0);
            }

            var catalogue = await book.CurrentAsync(tx).ConfigureAwait(false);
            catalogue.RequireFor(capability);
            var split = Checked(catalogue, capability, weights ?? new Dictionary<string, double>(), shadow, ramp ?? [], DateOnly.FromDateTime(Instant.From(tx.NowMs).UtcDateTime));
            var row = new TrafficRow
            {
                Capability = capability,
                Version = (before?.Version ?? 0) + 1,
                Document = Wire.Write(split),
                ShadowMicros = before?.ShadowMicros ?? 0,
                ShadowBudgetMicros = shadow?.BudgetMicros ?? 0,
                SetAtMs = tx.NowMs,
            };
            await TrafficTable.SetAsync(tx, row).ConfigureAwait(false);
            return await ShowAsync(tx, capability, row).ConfigureAwait(false);
        }, cancellation, result => new { result.Capability, result.Version, result.Weights, result.Shadow, result.Ramp }, scope: Scopes.Models).ConfigureAwait(false);
    }

    private static TrafficSplit Checked(
        Catalogue catalogue, string capability, IReadOnlyDictionary<string, double> weights, ShadowRule? shadow, IReadOnlyList<RampStep> ramp, DateOnly today)
    {
        if (shadow is not null)
        {
            RequireModel(catalogue, capability, shadow.Model, "shadow.model", today);
            if (shadow.Share is not (>= 0 and <= 1)) throw new InvalidArgumentError("shadow.share", "share is 0 to 1.");
            if (shadow.BudgetMicros < 0) throw new InvalidArgumentError("shadow.budget_micros", "budget_micros is not negative.");
        }

        return new TrafficSplit
        {
            Weights = weights.Count == 0 ? weights : Normalised(catalogue, capability, weights, "weights", today),
            Shadow = shadow,
            Ramp = [.. ramp.Select((step, at) => step with { Weights = Normalised(catalogue, capability, step.Weights, $"ramp[{at}].weights", today) }).OrderBy(step => step.At)],
        };
    }

    private static Dictionary<string, double> Normalised(Catalogue catalogue, string capability, IReadOnlyDictionary<string, double> weights, string argument, DateOnly today)
    {
        foreach (var (model, share) in weights)
        {
            RequireModel(catalogue, capability, model, $"{argument}.{model}", today);
            if (share is not (>= 0 and <= 1)) throw new InvalidArgumentError($"{argument}.{model}", "A share is 0 to 1.");
        }

        var sum = weights.Values.Sum();
        if (Math.Abs(sum - 1) > Rounding) throw new InvalidArgumentError(argument, FormattableString.Invariant($"The shares add up to {sum}, not to 1."));
        return weights.OrderBy(weight => weight.Key, StringComparer.Ordinal).ToDictionary(weight => weight.Key, weight => weight.Value / sum, StringComparer.Ordinal);
    }

    private static void RequireModel(Catalogue catalogue, string capability, string model, string argument, DateOnly today)
    {
        if (catalogue.Find(model) is not { } card || !card.Capabilities.Contains(capability))
            throw new InvalidArgumentError(argument, $"No model '{model}' does {capability}; these do: {string.Join(", ", catalogue.For(capability).Select(known => known.Id))}.");
        if (card.IsRetired(today)) throw new InvalidArgumentError(argument, FormattableString.Invariant($"{model} retired on {card.RetiresOn:yyyy-MM-dd}."));
    }

    private async ValueTask<TrafficResult> ShowAsync(IQuery query, string capability, TrafficRow? row)
    {
        var catalogue = await book.CurrentAsync(query).ConfigureAwait(false);
        var split = row?.Read() ?? new TrafficSplit();
        var compared = await Comparing.OfAsync(query, [.. catalogue.For(capability)]).ConfigureAwait(false);
        return new TrafficResult(
            capability, row?.Version ?? 0, split.Weights, split.WeightsAt(query.NowMs), split.Shadow, row is null || split.Shadow is null ? null : row.ShadowMicros,
            split.Ramp.Count == 0 ? null : split.Ramp, compared);
    }
}

/// <summary>A capability's split and how its models did over the last seven days.</summary>
/// <param name="Version">0 when nothing was ever set.</param>
/// <param name="Weights">As set.</param>
/// <param name="WeightsNow">In force by the ramp.</param>
/// <param name="ShadowMicros">Used of the shadow's budget.</param>
public sealed record TrafficResult(
    string Capability, long Version, IReadOnlyDictionary<string, double> Weights, IReadOnlyDictionary<string, double>? WeightsNow, ShadowRule? Shadow, long? ShadowMicros,
    IReadOnlyList<RampStep>? Ramp, IReadOnlyList<ModelRecord> Compared);
