using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Pipeline.Faults.Services;
using Pipeline.Index;
using Pipeline.McpServer.Serving;
using Pipeline.Storage;
using Pipeline.Storage.State;

[assembly: AssemblyFixture(typeof(KeptToTheEnd))]

namespace Pipeline.Tools.Tests.Serving;

/// <summary>
/// What stands under a house: files in its folder, or, with PIPELINE_TEST_BACKEND=services, a PostgreSQL database of its own. There a hand clock moves
/// the database's clock, by the function that the store asks for the time.
/// </summary>
internal static class BackEnd
{
    private static readonly Dictionary<string, TestPostgres> Kept = [];
    private static readonly Lock Gate = new();
    private static readonly Lazy<TestPostgres> Template = new(MakeTemplate);

    /// <summary>Whether tests run on services.</summary>
    public static bool IsServices { get; } = Environment.GetEnvironmentVariable("PIPELINE_TEST_BACKEND") == "services";

    /// <summary>
    /// Whether the running test is about the file in the data folder itself, and runs on it always: a store with one owner whose clock stands still, and
    /// whose callers are gone, while it is closed; a full disk; what its own checks read.
    /// </summary>
    public static bool IsAboutFiles => TestContext.Current.TestMethod?.MethodName is { } name && AboutFiles.Contains(name);

    private static IReadOnlySet<string> AboutFiles { get; } = new HashSet<string>
    {
        "A_restart_keeps_locks_and_tokens_and_counts_against_no_lease",
        "A_scrub_names_what_is_missing_short_or_changed_and_a_forged_log",
        "Nothing_outside_the_roots_is_read_whatever_leads_there",
        "A_full_disk_refuses_writes_serves_reads_and_lets_locks_go",
        "Calls_that_died_with_the_process_before_stand_in_nobodys_way",
    };

    /// <summary>Puts the back end into a house; disposing the answer takes it away, unless <paramref name="keep"/>: then the next house on the folder gets it again.</summary>
    public static IDisposable? Add(IServiceCollection services, string folder, bool keep, bool onServices)
    {
        if (!onServices)
        {
            return null;
        }

        var server = Take(folder, keep);
        var standing = new Standing(server, keep);
        services.AddSingleton<IDatabase>(provider =>
        {
            standing.Clock = provider.GetRequiredService<TimeProvider>() is HandClock clock ? new DatabaseClock(server, clock) : null;
            return PostgresDatabase.Open(new() { ConnectionString = server.ConnectionString, Writers = 4, Readers = 8, Prepare = PostgresVectorExtension.EnsureAsync });
        });
        return standing;
    }

    private static TestPostgres Take(string folder, bool keep)
    {
        lock (Gate)
        {
            if (!Kept.TryGetValue(folder, out var server))
            {
                server = TestPostgres.Create(Template.Value);
                if (keep)
                {
                    Kept[folder] = server;
                    KeptToTheEnd.Add(server);
                }
            }

            return server;
        }
    }

    private static TestPostgres MakeTemplate()
    {
        var template = TestPostgres.Create();
        KeptToTheEnd.Add(template);
        var root = Directory.CreateTempSubdirectory("pipeline-template-");
        using (var folder = DataFolder.TryOwn(Path.Combine(root.FullName, "data"))!)
        {
            var services = new ServiceCollection().AddLogging().AddPipeline(folder)
                .AddSingleton<IDatabase>(_ => PostgresDatabase.Open(new() { ConnectionString = template.ConnectionString, Prepare = PostgresVectorExtension.EnsureAsync }))
                .BuildServiceProvider();
            services.MigrateAsync(CancellationToken.None).GetAwaiter().GetResult();
            services.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        root.Delete(recursive: true);
        return template;
    }

    private sealed class Standing(TestPostgres server, bool keep) : IDisposable
    {
        public DatabaseClock? Clock { get; set; }

        public void Dispose()
        {
            Clock?.Dispose();
            if (!keep)
            {
                server.Dispose();
            }
        }
    }

    /// <summary>Moves the database's clock as the hand clock is moved.</summary>
    private sealed class DatabaseClock : IDisposable
    {
        private readonly NpgsqlConnection _connection;
        private readonly HandClock _clock;
        private readonly long _beganMs;
        private readonly long _began;

        public DatabaseClock(TestPostgres server, HandClock clock)
        {
            (_connection, _clock, _began, _beganMs) = (new(server.ConnectionString), clock, clock.GetTimestamp(), clock.GetUtcNow().ToUnixTimeMilliseconds());
            _connection.Open();
            Run("create table if not exists test_clock (now_ms bigint not null); delete from test_clock; "
                + $"insert into test_clock values({_beganMs}); "
                + "create or replace function pipeline_now_ms() returns bigint language sql volatile as 'select now_ms from test_clock'");
            clock.Moved += Move;
        }

        public void Dispose()
        {
            _clock.Moved -= Move;
            _connection.Dispose();
        }

        private void Move() => Run($"update test_clock set now_ms={_beganMs + (long)_clock.GetElapsedTime(_began).TotalMilliseconds}");

        private void Run(string sql)
        {
            lock (_connection)
            {
                using var command = new NpgsqlCommand(sql, _connection);
                command.ExecuteNonQuery();
            }
        }
    }
}
