using System.Numerics.Tensors;
using Microsoft.Extensions.AI;

namespace Pipeline.Index.Embeddings;

/// <summary>A generator as the index uses it: in batches, its vectors checked and normalised, under the name they are stored with.</summary>
internal sealed class Embedder
{
    private const int Batch = 256;

    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator;
    private readonly string _name;

    public Embedder(IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        _generator = generator;
        var metadata = generator.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        _name = $"{metadata?.ProviderName ?? "unnamed"}/{metadata?.DefaultModelId ?? generator.GetType().Name}";
        // Hashed letters of unrelated texts still share some buckets; below this a lexical similarity is that noise.
        Floor = generator is LexicalEmbedding ? 0.12f : 0f;
    }

    /// <summary>Similarities at or below this say nothing.</summary>
    public float Floor { get; }

    /// <summary>Name and dimension under which vectors of this length are stored: vectors of another identity are not comparable.</summary>
    public string Identity(int dimensions) => $"{_name}/{dimensions}";

    /// <summary>One L2-normalised vector for each text, in order, all of one length.</summary>
    public async Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var vectors = new List<float[]>(texts.Count);
        foreach (var batch in texts.Chunk(Batch))
        {
            var answer = await _generator.GenerateAsync(batch, null, cancellation).ConfigureAwait(false);
            if (answer.Count != batch.Length)
            {
                throw new EmbeddingFailedException(_name, $"it answered {answer.Count} vectors for {batch.Length} texts");
            }

            foreach (var embedding in answer)
            {
                var vector = Normalised(embedding.Vector);
                if (vector.Length == 0 || (vectors.Count > 0 && vector.Length != vectors[0].Length))
                {
                    throw new EmbeddingFailedException(_name, "its vectors are not all of one length");
                }

                vectors.Add(vector);
            }
        }

        return vectors;
    }

    private float[] Normalised(ReadOnlyMemory<float> values)
    {
        var vector = values.ToArray();
        var norm = TensorPrimitives.Norm<float>(vector);
        if (!float.IsFinite(norm))
        {
            throw new EmbeddingFailedException(_name, "a vector holds values that are not finite");
        }

        if (norm > 0)
        {
            TensorPrimitives.Divide(vector, norm, vector);
        }

        return vector;
    }
}
