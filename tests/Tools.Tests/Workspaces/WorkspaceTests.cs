using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Workspaces;

public sealed class WorkspaceTests
{
    [Fact]
    public async Task Creating_twice_with_equal_settings_gives_the_same_answer()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();

        var first = await client.CallAsync("create_workspace", new { workspace = "film" });
        var second = await client.CallAsync("create_workspace", new { workspace = "film" });

        Assert.Equal(first.ToString(), second.ToString());
        Assert.True(first.GetProperty("settings").GetProperty("auto_index").GetBoolean());
    }

    [Fact]
    public async Task Creating_with_other_settings_is_refused_and_says_what_is_there()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });

        var error = await client.RefusedAsync("create_workspace", new { workspace = "film", locks_required = true }, "already_exists");

        Assert.False(error.GetProperty("facts").GetProperty("settings").GetProperty("locks_required").GetBoolean());
    }

    [Fact]
    public async Task Updating_an_old_version_is_a_conflict()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        await client.CallAsync("update_workspace", new { workspace = "film", auto_index = false, if_version = 1 });

        var error = await client.RefusedAsync("update_workspace", new { workspace = "film", auto_index = true, if_version = 1 }, "version_conflict");

        Assert.Equal(2, error.GetProperty("facts").GetProperty("actual").GetInt64());
    }

    [Fact]
    public async Task A_caller_sees_only_its_own_workspaces()
    {
        await using var house = await House.OpenAsync();
        var admin = await house.ConnectAsync();
        await admin.CallAsync("create_workspace", new { workspace = "film" });
        await admin.CallAsync("create_workspace", new { workspace = "other" });
        var guest = await house.ConnectAsync("guest", Pipeline.Tools.Calls.Role.Member, ["other"]);

        var seen = await guest.CallAsync("list_workspaces", new { });

        Assert.Equal("other", Assert.Single(seen.GetProperty("workspaces").EnumerateArray()).GetProperty("workspace").GetString());
        await guest.RefusedAsync("update_workspace", new { workspace = "film", auto_index = false }, "not_found");
    }

    [Theory]
    [InlineData("Film")]
    [InlineData("")]
    [InlineData("-film")]
    [InlineData("a/b")]
    [InlineData("..")]
    public async Task A_bad_name_is_refused(string workspace)
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();

        await client.RefusedAsync("create_workspace", new { workspace }, "invalid_argument");
    }

    [Fact]
    public async Task Unknown_and_ill_typed_arguments_are_refused_by_name()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();

        var unknown = await client.RefusedAsync("create_workspace", new { workspace = "film", colour = "red" }, "invalid_argument");
        var typed = await client.RefusedAsync("create_workspace", new { workspace = "film", auto_index = "yes" }, "invalid_argument");
        var missing = await client.RefusedAsync("create_workspace", new { }, "invalid_argument");

        Assert.Equal("colour", unknown.GetProperty("facts").GetProperty("argument").GetString());
        Assert.Equal("auto_index", typed.GetProperty("facts").GetProperty("argument").GetString());
        Assert.Equal("workspace", missing.GetProperty("facts").GetProperty("argument").GetString());
    }

    [Fact]
    public async Task A_repeated_key_replays_the_answer_and_another_body_is_a_mismatch()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        var first = await client.CallAsync("create_workspace", new { workspace = "film", idempotency_key = "k" });
        await client.CallAsync("update_workspace", new { workspace = "film", auto_index = false });

        var again = await client.CallAsync("create_workspace", new { workspace = "film", idempotency_key = "k" });

        Assert.Equal(first.ToString(), again.ToString());
        await client.RefusedAsync("create_workspace", new { workspace = "gone", idempotency_key = "k" }, "idempotency_mismatch");
    }

    [Fact]
    public async Task A_reader_changes_nothing()
    {
        await using var house = await House.OpenAsync();
        var reader = await house.ConnectAsync("reader", Pipeline.Tools.Calls.Role.Reader);

        await reader.RefusedAsync("create_workspace", new { workspace = "film" }, "forbidden");
    }
}
