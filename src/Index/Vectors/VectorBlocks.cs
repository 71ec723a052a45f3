using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Pipeline.Index.Vectors;

/// <summary>Vectors of one length in contiguous blocks, appended only; a row keeps its number for good.</summary>
/// <remarks>The one place that knows how vectors lie in memory: a quantised copy would stand beside it with the same two reads.</remarks>
internal sealed class VectorBlocks(int dimensions)
{
    private const int RowsPerBlock = 2048;

    private readonly List<float[]> _blocks = [];

    public int Dimensions => dimensions;

    public int Count { get; private set; }

    /// <summary>Appends a vector from its stored bytes and returns its row.</summary>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        if (Count % RowsPerBlock == 0)
        {
            _blocks.Add(new float[RowsPerBlock * dimensions]);
        }

        MemoryMarshal.Cast<byte, float>(bytes).CopyTo(_blocks[^1].AsSpan(Count % RowsPerBlock * dimensions, dimensions));
        return Count++;
    }

    public ReadOnlySpan<float> Row(int row) => _blocks[row / RowsPerBlock].AsSpan(row % RowsPerBlock * dimensions, dimensions);

    /// <summary>The cosine of a row and a query, both normalised.</summary>
    public float Dot(int row, ReadOnlySpan<float> query) => TensorPrimitives.Dot(Row(row), query);
}
