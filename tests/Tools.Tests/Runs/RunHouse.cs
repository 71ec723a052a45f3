using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Runs;

/// <summary>A house with a workspace 'film', a director, and workers that play through plans over the tools.</summary>
internal sealed class RunHouse : IAsyncDisposable
{
    private RunHouse(House house, McpClient director, HandClock? clock) => (House, Director, Clock) = (house, director, clock!);

    public House House { get; }

    public McpClient Director { get; }

    /// <summary>Only in a house that was opened with one.</summary>
    public HandClock Clock { get; }

    public static async Task<RunHouse> OpenAsync(bool byHand = false, string? folder = null)
    {
        var clock = byHand ? new HandClock() : null;
        var house = await House.OpenAsync(services => { if (clock is not null) services.AddSingleton<TimeProvider>(clock); }, folder);
        var director = await house.ConnectAsync("director");
        await director.CallAsync("create_workspace", new { workspace = "film" });
        return new(house, director, clock);
    }

    public Task<McpClient> WorkerAsync(string name) => House.ConnectAsync(name, Pipeline.Tools.Calls.Role.Member);

    /// <summary>Creates and starts a plan of steps written as JSON; returns the run's id.</summary>
    public async Task<string> StartAsync(string steps, object? inputs = null, long? budget = null, string? deliverables = null)
    {
        var plan = JsonDocument.Parse($$"""{"steps": [{{steps}}]{{(deliverables is null ? "" : $", \"deliverables\": {deliverables}")}}}""").RootElement;
        var created = await Director.CallAsync("create_plan", new { workspace = "film", plan });
        var run = await Director.CallAsync("start_run", new { plan_id = created.Text("plan_id"), inputs = inputs ?? new { }, budget_micros = budget });
        return run.Text("run_id");
    }

    public Task<JsonElement> RunAsync(string runId) => Director.CallAsync("get_run", new { run_id = runId });

    /// <summary>The states of a run's steps, as "a=succeeded b=ready".</summary>
    public async Task<string> StatesAsync(string runId)
    {
        var run = await RunAsync(runId);
        return string.Join(' ', run.GetProperty("steps").EnumerateArray().Select(step => $"{step.Text("step_id")}={step.Text("state")}"));
    }

    public async ValueTask DisposeAsync() => await House.DisposeAsync();
}

/// <summary>What a worker's client says, in a word.</summary>
internal static class WorkerCalls
{
    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static async Task<JsonElement?> ClaimAsync(this McpClient worker, string[] capabilities, double wait = 0, double lease = 60, string? key = null)
    {
        var result = await worker.CallAsync("claim_step", new { workspace = "film", capabilities, wait_seconds = wait, lease_seconds = lease, idempotency_key = key });
        return result.TryGetProperty("step", out var step) ? step : null;
    }

    /// <summary>Claims the one step that there must be.</summary>
    public static async Task<JsonElement> TakeAsync(this McpClient worker, string capability = "x-work", double lease = 60)
    {
        var step = await worker.ClaimAsync([capability], lease: lease);
        Assert.True(step is not null, $"There is no {capability} to claim.");
        return step.Value;
    }

    public static Task<JsonElement> CompleteAsync(this McpClient worker, JsonElement step, object? outputs = null, object? metrics = null, long? cost = null, string? model = null) =>
        worker.CallAsync("complete_step", Report(step, outputs, metrics, cost, model));

    public static object Report(JsonElement step, object? outputs = null, object? metrics = null, long? cost = null, string? model = null) =>
        new { run_id = step.Text("run_id"), step_id = step.Text("step_id"), generation = step.GetProperty("generation").GetInt64(), outputs, metrics, cost_micros = cost, model };

    public static Task<JsonElement> FailAsync(this McpClient worker, JsonElement step, bool retryable = true, string code = "broken", long? cost = null) =>
        worker.CallAsync("fail_step", Failure(step, retryable, code, cost));

    public static object Failure(JsonElement step, bool retryable = true, string code = "broken", long? cost = null) => new
    {
        run_id = step.Text("run_id"), step_id = step.Text("step_id"), generation = step.GetProperty("generation").GetInt64(), error = new { code, message = "It broke." }, retryable, cost_micros = cost,
    };
}
