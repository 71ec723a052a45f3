using System.Globalization;
using Pipeline.Faults.Disks;
using Pipeline.McpServer.Connections;
using Pipeline.McpServer.Serving;
using Pipeline.Storage;
using Pipeline.Storage.Objects;
using Pipeline.Storage.State;
using Pipeline.Tools.Events;
using Pipeline.Tools.Webhooks;

namespace Pipeline.Reliability.Host;

/// <summary>The house as <c>serve</c> composes it, with a clock, an object store and answers that can be made to fail.</summary>
internal sealed class FaultyHouse
{
    private readonly Lock _telling = new();

    public FaultyHouse() => Cuts = new(Tell);

    public JumpingClock Clock { get; } = new() { OffsetMs = Setting("PIPELINE_RIG_CLOCK_MS", 0) };

    public FaultyObjects Objects { get; } = new();

    public CutAnswers Cuts { get; }

    /// <summary>What is seen of the lock queue, if PIPELINE_RIG_WATCH_QUEUE says that someone wants to know.</summary>
    public QueueWatch? Queue { get; private set; }

    /// <summary>What lies under the database; null unless PIPELINE_RIG_DISK is 1.</summary>
    public FaultyDisk? Disk { get; private set; }

    /// <summary>One line to whoever started this.</summary>
    public void Tell(string line)
    {
        lock (_telling)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }

    public async Task<Composition> OpenAsync(DataFolder folder, CancellationToken cancellation)
    {
        IDatabase? opened = null;
        Disk = Setting("PIPELINE_RIG_DISK", 0) == 0 ? null : FaultyDisk.Under(folder.Root);
        var house = await PipelineHost.OpenAsync(folder, services =>
        {
            services.AddSingleton<TimeProvider>(Clock).AddSingleton(Webhooks()).AddSingleton<IEventSink, UndoneEvents>();
            if (!IsSet("PIPELINE_S3_ENDPOINT"))
            {
                services.AddSingleton<IObjectStore>(provider => Objects.Before(provider.GetRequiredService<FileObjectStore>()));
            }

            // A shared database stays as `serve` opens it, but for guards that are left out: what fails there is the server behind it.
            if (!IsSet("PIPELINE_POSTGRES"))
            {
                services.AddSingleton(provider => opened = Watched(Guarded(SqliteDatabase.Open(folder.DatabaseFile, provider.GetRequiredService<TimeProvider>()))));
            }
#if UNGUARDED
            Unguarded.DoubtlessProvider.Replace(services);
            if (IsSet("PIPELINE_POSTGRES"))
            {
                services.AddSingleton(_ => opened = Guarded(PostgresDatabase.Open(
                    new() { ConnectionString = Environment.GetEnvironmentVariable("PIPELINE_POSTGRES")!, Prepare = Index.PostgresVectorExtension.EnsureAsync })));
            }
#endif
        }, cancellation);
        return new()
        {
            Servers = house.Servers,
            Changes = house.Changes,
            MaySee = house.MaySee,
            HasWork = house.HasWork,
            StopWaiting = house.StopWaiting,
            Ready = house.Ready,
            Close = house.Close,
            MapRoutes = (routes, bearer) =>
            {
                var app = (IApplicationBuilder)routes;
                app.Use(next => context => Cuts.ServeAsync(context, next));
#if UNGUARDED
                app.Use(next => context => new Unguarded.AnyClaim(opened!).ServeAsync(context, next));
#endif
                house.MapRoutes(routes, bearer);
            },
        };
    }

    private IDatabase Watched(IDatabase database) => Setting("PIPELINE_RIG_WATCH_QUEUE", 0) == 0 ? database : Queue = new(database);

    private static IDatabase Guarded(IDatabase database) =>
#if UNGUARDED
        new Unguarded.UnguardedDatabase(database);
#else
        database;
#endif

    // So many times faster than the schedule that is shipped.
    private static WebhookOptions Webhooks()
    {
        var times = Setting("PIPELINE_RIG_WEBHOOK_TIMES", 1);
        var shipped = new WebhookOptions();
        return times == 1 ? shipped : shipped with
        {
            Schedule = [.. shipped.Schedule.Select(delay => delay / times)],
            LongestRetryAfter = TimeSpan.FromSeconds(0.2),
            Timeout = TimeSpan.FromSeconds(1),
            Lease = TimeSpan.FromSeconds(3),
            StopGrace = TimeSpan.FromSeconds(1),
        };
    }

    private static bool IsSet(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 };

    private static long Setting(string name, long otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
