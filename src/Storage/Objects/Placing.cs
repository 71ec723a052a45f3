namespace Pipeline.Storage.Objects;

/// <summary>
/// The one place where objects get and lose their names, one at a time: a put and a sweep of the same object come one after the other, and
/// a sweep leaves what was put within its grace. Puts of this process are remembered by a clock that no one sets.
/// </summary>
internal sealed class Placing(TimeProvider time)
{
    private const int MostRemembered = 1 << 16;

    private readonly Lock _naming = new();
    private readonly Dictionary<string, long> _put = new(StringComparer.Ordinal);

    /// <summary>Renames a flushed file to its name. A file that bears it already may have been damaged, so it is replaced.</summary>
    public void Move(string temporary, string target)
    {
        File.SetLastWriteTimeUtc(temporary, time.GetUtcNow().UtcDateTime);
        lock (_naming)
        {
            File.Move(temporary, target, overwrite: true);
            if (_put.Count >= MostRemembered)
            {
                Forget();
            }

            _put[target] = time.GetTimestamp();
        }
    }

    /// <summary>How long ago it was put.</summary>
    public TimeSpan Age(FileInfo file) => time.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc;

    /// <summary>Removes a file that was put longer than <paramref name="grace"/> ago.</summary>
    public bool Sweep(string target, TimeSpan grace)
    {
        lock (_naming)
        {
            var file = new FileInfo(target);
            if (!file.Exists || Age(file) < grace || (_put.TryGetValue(target, out var at) && time.GetElapsedTime(at) < grace))
            {
                return false;
            }

            file.Delete();
            _put.Remove(target);
            return true;
        }
    }

    // The older half: for those the time on the file must do.
    private void Forget()
    {
        foreach (var (target, _) in _put.OrderBy(put => put.Value).Take(MostRemembered / 2).ToList())
        {
            _put.Remove(target);
        }
    }
}
