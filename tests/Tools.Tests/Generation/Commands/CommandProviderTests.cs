using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation.Vendors;
using Pipeline.Tools.Models;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation.Commands;

/// <summary>Programs of the operator's file, really run.</summary>
public sealed class CommandProviderTests
{
    [Fact]
    public async Task A_command_gets_words_in_files_only_and_its_output_is_the_result()
    {
        await using var house = await OpenAsync("""{"run": ["/bin/cp", "{prompt_file}", "{output}"], "output": ".txt"}""");

        var made = await BuyAsync(house, "$(touch /tmp/x); `id` \"'&& > |");

        Assert.Equal("done", made.Text("state"));
        Assert.Equal("$(touch /tmp/x); `id` \"'&& > |", (await house.Client.CallAsync("read_asset", new { asset = made.Text("asset"), length = 1000 })).Text("text"));
    }

    [Theory]
    [InlineData("""{"run": ["/bin/false"], "output": ".txt"}""", "failed", "command_failed")]
    [InlineData("""{"run": ["/bin/true"], "output": ".txt"}""", "failed", "command_failed")]
    [InlineData("""{"run": ["/bin/sleep", "600"], "output": ".txt", "timeout_seconds": 1}""", "failed", "limit_exceeded")]
    [InlineData("""{"run": ["/bin/false"], "output": ".txt", "repeatable": false}""", "ambiguous", "command_failed")]
    [InlineData("""{"run": ["/bin/cp", "/nowhere/{reference}", "{output}"], "output": ".txt", "boxed": false}""", "failed", "command_failed")]
    public async Task A_command_that_fails_says_so_and_is_run_again_only_if_it_may_be(string command, string state, string code)
    {
        await using var house = await OpenAsync(command);

        var made = await BuyAsync(house, "x");

        Assert.Equal((state, code), (made.Text("state"), made.Text("code")));
    }

    [Theory]
    [InlineData("""{"run": []}""")]
    [InlineData("""{"run": ["x"], "shell": true}""")]
    [InlineData("""{"run": ["x"], "output": "../../etc/cron.d/x"}""")]
    [InlineData("""{"output": ".mp4"}""")]
    public void An_entry_that_is_no_command_is_refused_at_the_start(string command) => Assert.Throws<InvalidProvidersError>(() => Read(command));

    private static OperatorProviders Read(string command) =>
        OperatorProviders.Read(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"providers": [{"name": "own", "command": {{command}}}]}""")));

    private static Task<System.Text.Json.JsonElement> BuyAsync(Working house, string prompt) =>
        house.Client.CallAsync("generate_media", new { model = "own-words", prompt, output = "film/out.txt", idempotency_key = "k" });

    private static async Task<Working> OpenAsync(string command)
    {
        var card = new ModelCard
        {
            Id = "own-words", Version = "1", Provider = "own", Kind = ModelKind.Local, Capabilities = ["generate_text"], Inputs = [MediaKind.Text], Outputs = [MediaKind.Text], Tier = Tier.Draft,
            Latency = new() { FixedSeconds = 1 }, Quality = 0.5, Price = new(),
        };
        var house = await House.OpenAsync(services => services.AddVendors(Read(command)).Replace(ServiceDescriptor.Singleton(new Catalogue([card]))));
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film", auto_index = false });
        return new(house, client);
    }

    private sealed class Working : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly House _house;
        private readonly Task _work;

        public Working(House house, ModelContextProtocol.Client.McpClient client)
        {
            (_house, Client) = (house, client);
            _work = house.GetAll<IBackgroundWork>().Single(work => work.GetType().Name == "JobWork").RunAsync(_stop.Token);
        }

        public ModelContextProtocol.Client.McpClient Client { get; }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Record.ExceptionAsync(() => _work);
            await _house.DisposeAsync();
            _stop.Dispose();
        }
    }
}
