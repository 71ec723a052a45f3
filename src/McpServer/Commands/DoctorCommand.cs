using System.CommandLine;
using Pipeline.McpServer.Commands.Checks;

namespace Pipeline.McpServer.Commands;

/// <summary>What is here, what is missing, and what to do about it.</summary>
public static class DoctorCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var data = DataOption.Create();
        var json = new Option<bool>("--json") { Description = "JSON on standard output" };
        var client = new Option<string>("--client")
        {
            HelpName = "CLIENT",
            Description = $"Print the configuration for a client instead: {string.Join(", ", ClientConfiguration.Clients)}",
        };
        client.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { } name && !ClientConfiguration.Clients.Contains(name))
            {
                given.AddError($"--client is one of {string.Join(", ", ClientConfiguration.Clients)}, not '{name}'.");
            }
        });
        var command = new Command("doctor", "Say what is here, what is missing and what to do; exit 1 when something needed is missing") { data, json, client };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(client) is { } name)
            {
                var isGiven = parsed.GetResult(data) is { Implicit: false };
                Console.Out.WriteLine(ClientConfiguration.For(name, isGiven ? parsed.GetValue(data) : null).ToJsonString(new() { WriteIndented = !parsed.GetValue(json), Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
                Terminal.Say(ClientConfiguration.Place(name));
                return 0;
            }

            return await CheckAsync(parsed.GetValue(data)!, parsed.GetValue(json), cancellation).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> CheckAsync(string dataFolder, bool json, CancellationToken cancellation)
    {
        var scratch = Directory.CreateTempSubdirectory("pipeline-doctor-");
        try
        {
            Finding[] findings =
            [
                .. await MachineChecks.RunAsync(scratch).ConfigureAwait(false),
                .. await MediaChecks.RunAsync(scratch, cancellation).ConfigureAwait(false),
                .. FolderChecks.Run(dataFolder),
                .. SettingChecks.Run(dataFolder),
                await StateCheck.RunAsync(cancellation).ConfigureAwait(false),
                await ObjectCheck.RunAsync(scratch, cancellation).ConfigureAwait(false),
                await PortCheck.RunAsync(cancellation).ConfigureAwait(false),
            ];
            var missing = findings.Count(finding => finding.Standing == Standing.Missing);
            if (json)
            {
                Terminal.WriteJson(new { ok = missing == 0, checks = findings }, compact: true);
            }
            else
            {
                FindingTable.Show(findings);
                Console.Out.WriteLine(missing == 0 ? "All that is needed is here." : $"{missing} needed thing(s) missing.");
            }

            return missing == 0 ? 0 : 1;
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }
}
