namespace Pipeline.Tools.Media.Mp4;

/// <summary>Writes the tables of chosen samples that do not depend on their place: times, shifts, sync samples and sizes.</summary>
internal static class CutTables
{
    public static void Write(BoxWriter writer, CutTrack cut)
    {
        var samples = cut.Track.Samples;
        writer.Begin("stts", 0, 0);
        Runs(writer, cut.Samples.Length, n => (uint)cut.Duration(n));
        if (cut.Samples.Any(sample => samples.Shift(sample) != 0))
        {
            writer.Begin("ctts", cut.Samples.Any(sample => samples.Shift(sample) < 0) ? 1 : 0, 0);
            Runs(writer, cut.Samples.Length, n => (uint)samples.Shift(cut.Samples[n]));
        }

        if (!cut.Samples.All(samples.Sync))
        {
            var keys = Enumerable.Range(0, cut.Samples.Length).Where(n => samples.Sync(cut.Samples[n])).ToArray();
            writer.Begin("stss", 0, 0).U32((uint)keys.Length);
            foreach (var key in keys)
            {
                writer.U32((uint)key + 1);
            }

            writer.End();
        }

        writer.Begin("stsz", 0, 0).U32(0).U32((uint)cut.Samples.Length);
        for (var n = 0; n < cut.Samples.Length; n++)
        {
            writer.U32((uint)cut.Size(n));
        }

        writer.End();
    }

    private static void Runs(BoxWriter writer, int count, Func<int, uint> value)
    {
        List<(uint Count, uint Value)> runs = [];
        for (var n = 0; n < count; n++)
        {
            if (runs.Count > 0 && runs[^1].Value == value(n))
            {
                runs[^1] = (runs[^1].Count + 1, runs[^1].Value);
            }
            else
            {
                runs.Add((1, value(n)));
            }
        }

        writer.U32((uint)runs.Count);
        foreach (var run in runs)
        {
            writer.U32(run.Count).U32(run.Value);
        }

        writer.End();
    }
}
