using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Client;
using Pipeline.Tools.Calls;
using Pipeline.Tools.Locks;
using Pipeline.Tools.Tests.Serving;
using Pipeline.Tools.Workspaces;

namespace Pipeline.Tools.Tests.Locks;

/// <summary>A house with the workspace <c>film</c>, and what lock tests say again and again.</summary>
public static class LockHouse
{
    public static async Task<House> OpenAsync(TimeProvider? time = null, string? folder = null)
    {
        var house = await House.OpenAsync(services =>
        {
            if (time is not null)
            {
                services.AddSingleton(time);
            }
        }, folder);
        var admin = await house.ConnectAsync("admin");
        await admin.CallAsync("create_workspace", new { workspace = "film" });
        return house;
    }

    public static Task<JsonElement> AcquireAsync(
        this McpClient client, string asset, string mode = "exclusive", double ttl = 60, double wait = 0, string? agent = null, string? key = null) =>
        client.CallAsync("acquire_lock", new { asset, mode, ttl_seconds = ttl, wait_seconds = wait, agent, idempotency_key = key });

    /// <summary>The same behind the door, where the door hands in the caller's cancellation.</summary>
    public static async Task<LockGrant> AcquireAsync(this House house, string agent, string asset, TimeSpan wait, CancellationToken cancellation)
    {
        await using var scope = house.Get<IServiceScopeFactory>().CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Call>().Begin(
            new(agent, Role.Member, null, false, [], []), null, "acquire_lock", true, null, "", WriteTerms.None);
        return await scope.ServiceProvider.GetRequiredService<LockQueue>().AcquireAsync(
            new([AssetName.Parse(asset)], false, LockMode.Exclusive, 60_000, null, agent, agent), wait, cancellation);
    }

    public static Task<JsonElement> ReleaseAsync(this McpClient client, JsonElement held, string? agent = null) =>
        client.CallAsync("release_lock", new { lock_id = held.Text("lock_id"), agent });

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static long Number(this JsonElement element, string name) => element.GetProperty(name).GetInt64();

    public static DateTimeOffset Time(this JsonElement element, string name) => element.GetProperty(name).GetDateTimeOffset();

    /// <summary>Returns once so many calls stand in the stored queue.</summary>
    public static async Task QueuedAsync(this House house, int calls)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await house.Database.ReadAsync(query => query.FirstAsync<long>("select count(*) from lock_waiters"), limit.Token) != calls)
        {
            await Task.Delay(5, limit.Token);
        }
    }

    /// <summary>The kinds of events so far, oldest first.</summary>
    public static Task<IReadOnlyList<string>> KindsAsync(this House house) =>
        house.Database.ReadAsync(query => query.QueryAsync<string>("select kind from events where kind like 'lock.%' order by cursor"), CancellationToken.None);
}
