using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Pipeline.Storage.State;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools;

/// <summary>The slices in their order: each knows only those before it.</summary>
public static class Toolbox
{
    /// <summary>Every table, in the order in which they are made.</summary>
    public static IReadOnlyList<Table> Tables { get; } =
    [
        Audit.AuditTable.Schema,
        Events.EventsTable.Schema,
        Idempotency.IdempotencyTable.Schema,
        Workspaces.WorkspacesTable.Schema,
        Workspaces.OrganizationsTable.Schema,
        Costs.CostsTable.Schema,
        Costs.MovementsTable.Schema,
        Costs.BudgetsTable.Schema,
        Costs.ReservationsTable.Schema,
        Locks.LocksTable.Schema,
        Locks.LockWaitersTable.Schema,
        Assets.AssetsTable.Schema,
        Assets.UploadsTable.Schema,
        Assets.DownloadsTable.Schema,
        Assets.TransferKeysTable.Schema,
        Webhooks.SubscriptionsTable.Schema,
        Webhooks.DeliveriesTable.Schema,
        Ingest.ArrivalsTable.Schema,
        Models.ModelCardsTable.Schema,
        Plans.PlansTable.Schema,
        Runs.RunsTable.Schema,
        Costs.BudgetsTable.OfRuns,
        Runs.StepsTable.Schema,
        Runs.AttemptsTable.Schema,
        Runs.ApprovalsTable.Schema,
        Routing.DecisionsTable.Schema,
        Routing.CataloguesTable.Schema,
        Routing.TrafficTable.Schema,
        Routing.OutcomesTable.Schema,
        Routing.BreakersTable.Schema,
        Generation.JobsTable.Schema,
        Generation.SendsTable.Schema,
        Generation.HooksTable.Schema,
        Presence.SightingsTable.Schema,
    ];

    /// <summary>Where rows name objects.</summary>
    public static Assets.ObjectNames ObjectNames { get; } = new([.. Tables.SelectMany(table => table.Objects)]);

    /// <summary>Registers every slice.</summary>
    public static IServiceCollection AddToolbox(this IServiceCollection services) => services
        .AddSingleton<Ids>()
        .AddSingleton(ObjectNames)
        .AddSingleton<Patience>()
        .AddScoped<Calls.Call>()
        .AddSingleton<Events.EventLog>()
        .AddWorkspaces()
        .AddEgress()
        .AddCosts()
        .AddLocks()
        .AddAssets()
        .AddWebhooks()
        .AddSearch()
        .AddMedia()
        .AddIngest()
        .AddModels()
        .AddPlans()
        .AddRuns()
        .AddRouting()
        .AddGeneration()
        .AddPresence();

    /// <summary>Registers a tool class.</summary>
    internal static IServiceCollection AddTool<T>(this IServiceCollection services) =>
        services.AddSingleton(new ToolEntry(typeof(T), typeof(T).GetCustomAttribute<ToolAttribute>()!));
}
