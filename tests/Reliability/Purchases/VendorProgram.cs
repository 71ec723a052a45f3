using System.Globalization;
using System.Text.Json;
using Pipeline.Faults.Vendors;

namespace Pipeline.Reliability.Purchases;

/// <summary>
/// The vendor as a program: <c>vendor FOLDER [PORT [SEED [SHARE]]]</c> writes providers.json and models.json into the folder, prints one line of JSON with its
/// address and the environment that a server needs, and ends with its standard input. Its bill is at <c>/bill</c>.
/// </summary>
internal static class VendorProgram
{
    public static async Task<int> RunAsync(string[] words)
    {
        string Word(int at, string otherwise) => words.Length > at ? words[at] : otherwise;
        if (words.Length == 0)
        {
            await Console.Error.WriteLineAsync("vendor FOLDER [PORT [SEED [SHARE OF FAULTS]]]");
            return 2;
        }

        var faults = new VendorFaults(int.Parse(Word(2, "1"), CultureInfo.InvariantCulture), double.Parse(Word(3, "0.3"), CultureInfo.InvariantCulture));
        await using var vendor = await VendorServer.StartAsync(
            new() { Choose = faults.Draw, JobTime = TimeSpan.FromSeconds(1) }, int.Parse(Word(1, "0"), CultureInfo.InvariantCulture));
        var environment = Shop.Write(vendor, null, Path.GetFullPath(words[0]));
        Console.WriteLine(JsonSerializer.Serialize(new { url = vendor.Url, environment }));
        while (await Console.In.ReadLineAsync() is not null)
        {
            // Nothing is ordered; the end of the input is the end.
        }

        return 0;
    }
}
