using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Npgsql;
using Pipeline.Bench.Doors;
using Pipeline.Bench.Loads;
using Pipeline.Bench.Reports;
using Pipeline.Index;
using Pipeline.Index.Embeddings;
using Pipeline.Storage.State;

namespace Pipeline.Bench.Verbs;

/// <summary>Search in PostgreSQL: time and recall of the graph against looking at everything, and our search over its own two statements.</summary>
internal static class SearchBench
{
    private const string Scope = "bench";
    private const int Seed = 1;
    private const int Warm = 30;

    public static Command Create()
    {
        var postgres = new Option<string>("--postgres") { Description = "Connection string of a server with pgvector; a database is made there and dropped", Required = true };
        var entries = new Option<int>("--entries") { Description = "Entries in the scope that is asked", DefaultValueFactory = static _ => 100_000 };
        var questions = new Option<int>("--questions") { Description = "Different questions, each asked once a line", DefaultValueFactory = static _ => 300 };
        var json = new Option<bool>("--json") { Description = "One JSON document on stdout" };
        var command = new Command("search", "query_index's search in PostgreSQL: p50, p99, recall@10 and overhead over its own two statements") { postgres, entries, questions, json };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(postgres)!, parsed.GetValue(entries), parsed.GetValue(questions), parsed.GetValue(json)));
        return command;
    }

    private static async Task RunAsync(string server, int entries, int questions, bool json)
    {
        var name = "pipeline_bench_" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);
        var connectionString = new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString();
        await SqlAsync(server, $"create database {name}");
        try
        {
            await MeasureAsync(connectionString, name, entries, questions, json);
        }
        finally
        {
            await SqlAsync(server, $"drop database {name} with (force)");
        }
    }

    private static async Task MeasureAsync(string connectionString, string name, int entries, int questions, bool json)
    {
        using var scratch = new Scratch();
        var report = new Report("search", string.Create(CultureInfo.InvariantCulture, $"search, {entries:N0} x {LexicalEmbedding.Dimensions}"))
        {
            FsyncsPerSecond = FsyncRate.Measure(scratch.Path, 1),
        };
        await PostgresVectorExtension.EnsureAsync(connectionString, default);
        foreach (var setting in PostgresSearchIndex.SettingsFor(entries))
        {
            await SqlAsync(connectionString, $"alter database {name} set {setting.Key}='{setting.Value}'"); // the bare statements have no one else to set them
        }

        await using var database = new RecordingDatabase(PostgresDatabase.Open(new() { ConnectionString = connectionString }));
        await database.MigrateAsync(PostgresSearchIndex.Tables, default);
        var index = new PostgresSearchIndex(database, new LexicalEmbedding());
        var corpus = new SearchCorpus(Seed);
        var asked = Enumerable.Range(0, questions).Select(question => corpus.Question(question, entries / SearchCorpus.EntriesPerFilm)).ToList();
        report.Note(await TimeAsync("Indexed through ReplaceAsync", () => FillAsync(database, index, corpus, entries)));
        await SqlAsync(connectionString, "vacuum analyze");

        var exact = await AskAsync(database, index, asked, pairs: false);
        report.Add(new("exact: every entry looked at", exact.First));
        report.Note(await TimeAsync("Graph built (create index concurrently)", async () => await new PostgresVectorGraphs(connectionString).TendAsync(default)));
        await SqlAsync(connectionString, "vacuum analyze");
        var near = await AskAsync(database, index, asked, pairs: true);
        report.Add(new("graph: our search, a question's first time", near.First));
        report.Add(new("graph: our search, asked again", near.Ours!));
        report.Add(new("graph: its two statements bare, again", near.Bare!));
        report.Add(new("graph: query_index over MCP HTTP", await AskDoorAsync(scratch.Folder("http"), connectionString, asked)));
        report.Note(FormattableString.Invariant(
            $"recall@10 by vectors {Recall(exact.ByVector, near.ByVector):0.000}, of the fused hits {Recall(exact.Hits, near.Hits):0.000}, over {questions} questions."));
        report.Note(FormattableString.Invariant(
            $"Overhead over the two statements: p50 {(near.Ours!.P50Milliseconds / near.Bare!.P50Milliseconds) - 1:P0}, in all {(near.Ours.WallSeconds / near.Bare.WallSeconds) - 1:P0}."));
        report.Note(await SettingsAsync(connectionString));
        report.Print(json);
    }

    private static async Task FillAsync(IDatabase database, PostgresSearchIndex index, SearchCorpus corpus, int entries)
    {
        for (var film = 0; film < entries / SearchCorpus.EntriesPerFilm; film++)
        {
            var prepared = await index.PrepareAsync(corpus.Film(film), default);
            var key = new SourceKey(Scope, string.Create(CultureInfo.InvariantCulture, $"films/{film}.mp4"), 1, "user");
            await database.TransactAsync(Scope, async tx =>
            {
                await index.ReplaceAsync(tx, key, prepared);
                return true;
            }, default);
        }
    }

    // Each question is asked once for its pages to be read; then our search and its own two statements bare, which goes first in turn.
    private static async Task<Answers> AskAsync(RecordingDatabase database, PostgresSearchIndex index, List<string> questions, bool pairs)
    {
        var (first, ours, bare) = (new List<double>(), new List<double>(), new List<double>());
        var (byVector, hits) = (new List<HashSet<long>>(), new List<HashSet<long>>());
        foreach (var (place, question) in questions.Take(Warm).Concat(questions).Index())
        {
            database.Recording = [];
            IReadOnlyList<SearchHit> found = [];
            await ClockAsync(first, async () => found = await index.QueryAsync(new SearchQuery(Scope, question), default));
            var statements = database.Recording.Where(static statement => statement.IsByWords || statement.IsByVector).ToList();
            database.Recording = null;
            hits.Add([.. found.Select(static hit => hit.Entry.EntryId)]);
            byVector.Add([.. statements.Last(static statement => statement.IsByVector).Rows.Take(10).Select(static row => (long)row!.GetType().GetProperty("EntryId")!.GetValue(row)!)]);
            for (var turn = 0; pairs && turn < 2; turn++)
            {
                await ((place + turn) % 2 == 0
                    ? ClockAsync(ours, () => index.QueryAsync(new SearchQuery(Scope, question), default))
                    : ClockAsync(bare, () => AgainAsync(database, statements)));
            }
        }

        return new(Result(first), pairs ? Result(ours) : null, pairs ? Result(bare) : null, byVector, hits);
    }

    private static Task AgainAsync(RecordingDatabase database, List<RecordedStatement> statements) => database.ReadAsync(async rows =>
    {
        foreach (var statement in statements)
        {
            await statement.AgainAsync(rows);
        }

        return true;
    }, default);

    private static async Task ClockAsync(List<double> latencies, Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private static async Task<LoadResult> AskDoorAsync(string folder, string connectionString, List<string> questions)
    {
        await using var door = await HttpDoor.OpenAsync(folder, new() { ["PIPELINE_POSTGRES"] = connectionString });
        await door.CallAsync("create_workspace", new JsonObject { ["workspace"] = Scope });
        var latencies = new List<double>();
        foreach (var question in questions.Take(Warm).Concat(questions))
        {
            var started = Stopwatch.GetTimestamp();
            await door.CallAsync("query_index", new JsonObject { ["workspace"] = Scope, ["query"] = question });
            latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return Result(latencies);
    }

    private static LoadResult Result(List<double> latencies)
    {
        var sorted = latencies.Skip(Warm).Order().ToList();
        return new(1, sorted.Count, sorted.Sum() / 1000, 0, sorted[sorted.Count / 2], sorted[Math.Min(sorted.Count - 1, sorted.Count * 99 / 100)]);
    }

    private static double Recall(List<HashSet<long>> wanted, List<HashSet<long>> found) =>
        wanted.Zip(found).Where(static pair => pair.First.Count > 0).Average(static pair => pair.First.Count(pair.Second.Contains) / (double)pair.First.Count);

    private static async Task<string> TimeAsync(string what, Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return string.Create(CultureInfo.InvariantCulture, $"{what}: {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s.");
    }

    private static async Task<string> SettingsAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(
            "select 'PostgreSQL ' || current_setting('server_version') || ', vector ' || (select extversion from pg_extension where extname='vector') || ', fsync=' || current_setting('fsync') || ', shared_buffers=' || current_setting('shared_buffers') || ', ' || pg_size_pretty(pg_database_size(current_database())) || ' in all'");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    private static async Task SqlAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 }.ToString());
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private sealed record Answers(LoadResult First, LoadResult? Ours, LoadResult? Bare, List<HashSet<long>> ByVector, List<HashSet<long>> Hits);
}
