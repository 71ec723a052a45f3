using System.Diagnostics;
using System.Net.Http.Headers;

namespace Pipeline.Bench.Loads;

/// <summary>How long after asking for a range its first byte is here: several ways in turn, so that what slows one slows all.</summary>
internal static class FirstBytes
{
    private const int WarmUp = 20;

    /// <summary>Asks each way once a round; milliseconds by way, sorted.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<double>>> RunAsync(int rounds, long sizeBytes, long rangeBytes, params Func<long, Task>[] ways)
    {
        var taken = ways.Select(_ => new List<double>()).ToList();
        for (var round = -WarmUp; round < rounds; round++)
        {
            var offset = (round + WarmUp) * 7919L * 4096 % (sizeBytes - rangeBytes);
            for (var n = 0; n < ways.Length; n++)
            {
                var way = (round + WarmUp + n) % ways.Length; // each is first as often as any
                var started = Stopwatch.GetTimestamp();
                await ways[way](offset);
                if (round >= 0)
                {
                    taken[way].Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }
        }

        taken.ForEach(times => times.Sort());
        return taken;
    }

    /// <summary>The first byte of a range over HTTP; the rest is read to keep the connection.</summary>
    public static async Task OverHttpAsync(HttpClient http, Uri url, long offset, long rangeBytes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Range = new RangeHeaderValue(offset, offset + rangeBytes - 1) } };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await FirstAsync(await answer.Content.ReadAsStreamAsync());
    }

    /// <summary>The first byte of a stream.</summary>
    public static async Task FirstAsync(Stream content)
    {
        var one = new byte[1];
        await content.ReadExactlyAsync(one);
    }

    public static double At(IReadOnlyList<double> sorted, double share) => sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)];
}
