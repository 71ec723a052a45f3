namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>Good files of every container with a few bytes changed, the same ones for the same seed.</summary>
internal static class Mutations
{
    /// <summary>How many of each good file: <c>PIPELINE_HOSTILE_SEEDS</c>, or 1.</summary>
    public static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("PIPELINE_HOSTILE_SEEDS"), out var seeds) ? seeds : 1;

    public static IEnumerable<HostileFile> All(Samples samples)
    {
        foreach (var file in Good(samples))
        {
            var content = File.ReadAllBytes(file);
            for (var seed = 0; seed < Seeds; seed++)
            {
                yield return new("mutation", $"{seed}-{Path.GetFileName(file)}", Of(content, seed));
            }
        }
    }

    public static IEnumerable<string> Good(Samples samples)
    {
        var clip = samples.Make("seed.mp4", "-f lavfi -i testsrc2=s=64x64:r=10:d=1 -f lavfi -i sine=d=1 -c:v libx264 -preset ultrafast -bf 2 -pix_fmt yuv420p -c:a aac -movflags +faststart");
        yield return clip;
        yield return samples.Make("seed-fragmented.mp4", $"-i {clip} -c copy -movflags +frag_keyframe+empty_moov+default_base_moof");
        foreach (var name in new[] { "seed.mov", "seed.mkv", "seed.ts", "seed.flv" })
        {
            yield return samples.Make(name, $"-i {clip} -c copy");
        }

        yield return samples.Make("seed.webm", $"-i {clip} -c:v libvpx -deadline realtime -c:a libopus -b:a 32k");
        yield return samples.Make("seed.avi", $"-i {clip} -c:v mpeg4 -c:a mp2");
        yield return samples.Make("seed.mpg", $"-i {clip} -r 25 -c:v mpeg2video -c:a mp2");
        foreach (var name in new[] { "seed.wav", "seed.flac", "seed.mp3", "seed.ogg", "seed.aac", "seed.aiff" })
        {
            yield return samples.Make(name, $"-i {clip} -vn");
        }

        foreach (var name in new[] { "seed.png", "seed.jpg", "seed.webp", "seed.bmp", "seed.tiff" })
        {
            yield return samples.Make(name, $"-i {clip} -frames:v 1");
        }

        yield return samples.Make("seed.gif", $"-i {clip} -t 0.3");
    }

    public static byte[] Of(byte[] good, int seed)
    {
        var chance = new Random(seed);
        var content = good.ToList();
        for (var times = 1 + chance.Next(12); times > 0; times--)
        {
            // Headers are where most of the trouble is.
            var at = chance.Next(2) == 0 ? chance.Next(Math.Min(content.Count, 1200)) : chance.Next(content.Count);
            switch (chance.Next(6))
            {
                case 0:
                    content[at] ^= (byte)(1 << chance.Next(8));
                    break;
                case 1:
                    content[at] = (byte)chance.Next(256);
                    break;
                case 2:
                    for (var n = at; n < Math.Min(at + 4, content.Count); n++)
                    {
                        content[n] = (byte)(chance.Next(2) * 255);
                    }

                    break;
                case 3:
                    content.RemoveRange(at, Math.Min(chance.Next(1, 64), Math.Max(0, content.Count - at - 1)));
                    break;
                case 4:
                    content.InsertRange(at, content.GetRange(at, Math.Min(chance.Next(1, 64), content.Count - at)));
                    break;
                default:
                    content.RemoveRange(content.Count - Math.Min(chance.Next(1, 9), content.Count - 1), Math.Min(1, content.Count - 1));
                    break;
            }
        }

        return [.. content];
    }
}
