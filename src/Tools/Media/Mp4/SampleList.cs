using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>Collects samples in decode order and proves that each lies in the file.</summary>
internal sealed class SampleList(long file_bytes, SampleBudget budget)
{
    private readonly List<long> _offsets = [];
    private readonly List<int> _sizes = [];
    private readonly List<long> _decode = [];
    private readonly List<int> _shift = [];
    private readonly List<bool> _sync = [];
    private readonly List<ushort> _description = [];

    /// <summary>Decode time of the next sample.</summary>
    public long Clock { get; set; }

    public int Count => _offsets.Count;

    /// <summary>Makes room for samples that were taken from the budget.</summary>
    public void Reserve(int count)
    {
        _offsets.EnsureCapacity(count);
        _sizes.EnsureCapacity(count);
        _decode.EnsureCapacity(count);
        _shift.EnsureCapacity(count);
        _sync.EnsureCapacity(count);
        _description.EnsureCapacity(count);
    }

    public void Add(long offset, long size, long ticks, int shift, bool sync, int description)
    {
        if (offset < 0 || size < 0 || size > int.MaxValue || offset > file_bytes - size)
        {
            throw new MediaDamagedError($"a sample should lie at bytes {offset} to {offset + size} but the file has {file_bytes}; it was cut short");
        }

        if (ticks < 0 || Clock > (long.MaxValue / 8) - ticks)
        {
            throw new MediaDamagedError("its sample times run backwards");
        }

        _offsets.Add(offset);
        _sizes.Add((int)size);
        _decode.Add(Clock);
        _shift.Add(shift);
        _sync.Add(sync);
        _description.Add((ushort)description);
        Clock += ticks;
    }

    public Mp4Samples Build() => new([.. _offsets], [.. _sizes], [.. _decode], [.. _shift], [.. _sync], [.. _description], Clock);

    /// <summary>Takes samples from the movie's budget, before room is made for them.</summary>
    public void Take(long count) => budget.Take(count);
}
