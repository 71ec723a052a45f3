using Microsoft.Extensions.DependencyInjection;
using Pipeline.Tools.Tests.Serving;
using Role = Pipeline.Tools.Calls.Role;

namespace Pipeline.Tools.Tests.Workspaces;

/// <summary>An organization handed from one principal to another, with its log.</summary>
public sealed class TransferOwnershipTests
{
    [Fact]
    public async Task A_claim_moves_the_organization_demotes_the_giver_and_keeps_the_log()
    {
        await using var house = await House.OpenAsync();
        var (studio, client) = (await house.ConnectAsync("studio"), await house.ConnectAsync("client"));
        await studio.CallAsync("create_workspace", new { workspace = "film", organization = "acme" });
        await studio.CallAsync("create_workspace", new { workspace = "other" });
        await studio.CallAsync("set_budget", new { workspace = "film", limit_micros = 5 });

        var offer = await studio.CallAsync("transfer_ownership", new { organization = "acme", to = "client", idempotency_key = "k" });
        var token = offer.GetProperty("claim_token").GetString()!;
        Assert.Equal("offered", offer.GetProperty("state").GetString());
        var again = await studio.CallAsync("transfer_ownership", new { organization = "acme", to = "client", idempotency_key = "k" });
        Assert.False(again.TryGetProperty("claim_token", out _));
        Assert.True(again.GetProperty("secret_shown").GetBoolean());
        await studio.RefusedAsync("transfer_ownership", new { organization = "acme", claim_token = token }, "not_found");
        await client.RefusedAsync("transfer_ownership", new { organization = "acme", claim_token = token + "x" }, "not_found");
        await client.RefusedAsync("transfer_ownership", new { organization = "default", claim_token = token }, "not_found");

        var taken = await client.CallAsync("transfer_ownership", new { organization = "acme", claim_token = token });

        Assert.Equal(("transferred", "film"), (taken.GetProperty("state").GetString(), taken.GetProperty("workspaces")[0].GetString()));
        await client.RefusedAsync("transfer_ownership", new { organization = "acme", claim_token = token }, "not_found");
        await studio.RefusedAsync("set_budget", new { workspace = "film", limit_micros = 6 }, "forbidden");
        await studio.RefusedAsync("transfer_ownership", new { organization = "acme", to = "third" }, "forbidden");
        await studio.RefusedAsync("update_workspace", new { workspace = "film", organization = "mine" }, "forbidden");
        var held = await studio.CallAsync("acquire_lock", new { asset = "film/a" });
        await studio.RefusedAsync("break_lock", new { lock_id = held.GetProperty("lock_id").GetString(), reason = "mine" }, "forbidden");
        await studio.CallAsync("set_budget", new { workspace = "other", limit_micros = 6 });
        await client.CallAsync("set_budget", new { workspace = "film", limit_micros = 7 });
        await client.CallAsync("break_lock", new { lock_id = held.GetProperty("lock_id").GetString(), reason = "it is ours" });
        await studio.CallAsync("put_asset", new { asset = "film/b", text = "still a member" });

        var log = await client.CallAsync("read_audit", new { workspace = "film" });
        Assert.True(log.GetProperty("verified").GetBoolean());
        Assert.DoesNotContain(token, log.ToString(), StringComparison.Ordinal);
        var lines = log.GetProperty("entries").EnumerateArray().Where(entry => entry.GetProperty("outcome").GetString() == "ok").ToList();
        Assert.Equal("create_workspace", lines[0].GetProperty("tool").GetString());
        Assert.Equal(["organization.offered", "organization.transferred"],
            lines.Where(entry => entry.GetProperty("tool").GetString() == "transfer_ownership").Select(entry => entry.GetProperty("detail").GetProperty("happened").GetString()));
    }

    [Fact]
    public async Task Five_offers_stand_at_once_and_each_for_three_days()
    {
        var clock = new HandClock();
        await using var house = await House.OpenAsync(services => services.AddSingleton<TimeProvider>(clock));
        var (studio, client) = (await house.ConnectAsync("studio"), await house.ConnectAsync("client"));
        await studio.CallAsync("create_workspace", new { workspace = "film", organization = "acme" });
        var tokens = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            tokens.Add((await studio.CallAsync("transfer_ownership", new { organization = "acme", to = "client" })).GetProperty("claim_token").GetString()!);
        }

        Assert.Equal(5, tokens.Distinct().Count());
        await studio.RefusedAsync("transfer_ownership", new { organization = "acme", to = "client" }, "too_many_transfers");
        clock.Advance(TimeSpan.FromHours(72));
        await client.RefusedAsync("transfer_ownership", new { organization = "acme", claim_token = tokens[0] }, "not_found");
        await studio.CallAsync("transfer_ownership", new { organization = "acme", to = "client" });
    }

    [Fact]
    public async Task Only_admins_who_see_all_of_it_hand_over_and_take_over()
    {
        await using var house = await House.OpenAsync();
        var studio = await house.ConnectAsync("studio");
        await studio.CallAsync("create_workspace", new { workspace = "film", organization = "acme" });
        await studio.CallAsync("create_workspace", new { workspace = "cuts", organization = "acme" });
        await (await house.ConnectAsync("member", Role.Member)).RefusedAsync("transfer_ownership", new { organization = "acme", to = "x" }, "forbidden");
        var half = await house.ConnectAsync("half", Role.Admin, ["film"]);
        await half.RefusedAsync("transfer_ownership", new { organization = "acme", to = "x" }, "forbidden");
        var none = await house.ConnectAsync("none", Role.Admin, ["elsewhere"]);
        await none.RefusedAsync("transfer_ownership", new { organization = "acme", to = "x" }, "not_found");
        await studio.RefusedAsync("transfer_ownership", new { organization = "nobody", to = "x" }, "not_found");
        await studio.RefusedAsync("transfer_ownership", new { organization = "acme", to = "studio" }, "invalid_argument");
        await studio.RefusedAsync("transfer_ownership", new { organization = "acme" }, "invalid_argument");
        await studio.RefusedAsync("transfer_ownership", new { organization = "acme", to = "x", claim_token = "y" }, "invalid_argument");
        var token = (await studio.CallAsync("transfer_ownership", new { organization = "acme", to = "half" })).GetProperty("claim_token").GetString();
        await half.RefusedAsync("transfer_ownership", new { organization = "acme", claim_token = token }, "forbidden");
    }
}
