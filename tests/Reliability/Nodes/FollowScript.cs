using Pipeline.Reliability.Clients;
using Pipeline.Reliability.Runs;

namespace Pipeline.Reliability.Nodes;

/// <summary>Follows the events of each workspace from the first on, from cursor to cursor, through whatever node answers.</summary>
internal sealed class FollowScript : IScript
{
    public const string Client = "follow-0";

    private const int Page = 100;

    public string Name => "follow";

    public Task RunAsync(RigClient client, CancellationToken cancellation) =>
        Task.WhenAll(client.Settings["workspaces"]!.AsArray().Select(workspace => FollowAsync(client, workspace!.GetValue<string>(), cancellation)));

    private static async Task FollowAsync(RigClient client, string workspace, CancellationToken cancellation)
    {
        for (long since = 0; ;)
        {
            var page = await client.ReadAsync("wait_events", new() { ["workspace"] = workspace, ["since"] = since, ["limit"] = Page, ["wait_seconds"] = 5 }, cancellation);
            since = page.IsOk ? page.Body.Whole("cursor") : since;
        }
    }
}
