using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Pipeline.Faults.Vendors;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Models;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation.Vendors;

public sealed class SecretHouseTests
{
    private const string Key = "sk-planted-0815-do-not-show";

    [Fact]
    public async Task A_planted_key_is_found_in_no_answer_and_in_no_file_of_the_house()
    {
        var folder = Directory.CreateTempSubdirectory("pipeline-secret-");
        var left = new Queue<VendorFault>([VendorFault.Unauthorized, VendorFault.ErrorAfter, VendorFault.FailsBilled]);
        await using var vendor = await Vendor.OpenAsync("plain-rest", new VendorSettings { Key = Key, Choose = () => left.TryDequeue(out var fault) ? fault : VendorFault.None, JobTime = TimeSpan.Zero });
        var said = new StringBuilder();
        var card = vendor.Card() with { Price = new() { PerRequestMicros = 20_000, Dated = new(2026, 11, 1) } };
        await using (var house = await House.OpenAsync(
            services => services.AddSingleton<IProvider>(vendor.Provider).Replace(ServiceDescriptor.Singleton(new Catalogue([card]))), folder.FullName))
        {
            using var stop = new CancellationTokenSource();
            var work = house.GetAll<IBackgroundWork>().Single(one => one.GetType().Name == "JobWork").RunAsync(stop.Token);
            var client = await house.ConnectAsync();
            await client.CallAsync("create_workspace", new { workspace = "film", auto_index = false });
            var states = new List<string>();
            for (var n = 0; n < 4; n++)
            {
                var bought = await client.CallAsync("generate_media", new { model = "film-1", prompt = "a door", output = $"film/{n}.mp4", idempotency_key = $"k{n}" });
                states.Add(bought.Text("state"));
                said.Append(bought);
            }

            Assert.Equal(["failed", "ambiguous", "failed", "done"], states);
            foreach (var (tool, arguments) in ((string, object)[])[("list_jobs", new { workspace = "film" }), ("read_audit", new { workspace = "film" }), ("wait_events", new { workspace = "film", since = 0 }), ("list_models", new { }), ("get_asset", new { asset = "film/3.mp4" }), ("resume_agent", new { }), ("report_costs", new { workspace = "film" })])
            {
                said.Append((await client.RawAsync(tool, arguments)).StructuredContent);
            }

            await stop.CancelAsync();
            await Record.ExceptionAsync(() => work);
        }

        Assert.Contains("[key]", said.ToString(), StringComparison.Ordinal); // the vendor did repeat it
        Assert.DoesNotContain("sk-planted", said.ToString(), StringComparison.Ordinal);
        var files = Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories).ToList();
        // What was said is kept: here, where the rows are files.
        Assert.True(BackEnd.IsServices || files.Exists(file => File.ReadAllBytes(file).AsSpan().IndexOf("Incorrect API key provided"u8) >= 0));
        Assert.DoesNotContain(files, file => File.ReadAllBytes(file).AsSpan().IndexOf("sk-planted"u8) >= 0);
        folder.Delete(recursive: true);
    }
}
