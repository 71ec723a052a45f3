using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Pipeline.Index.Text;

namespace Pipeline.Index.Embeddings;

/// <summary>
/// Vectors without a model: a text's word stems, pairs of neighbouring stems and character n-grams, hashed with signs into a fixed number of
/// buckets (Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009), sub-linear in their counts, L2-normalised.
/// It sees spelling, not meaning: it finds <c>opening</c> by <c>opens</c> and survives typing errors, and knows no synonyms.
/// </summary>
public sealed class LexicalEmbedding : IEmbeddingGenerator<string, Embedding<float>>
{
    public const int Dimensions = 384;

    private const float WordWeight = 1f;
    private const float PairWeight = 0.35f;
    private const float GramWeight = 0.3f;
    private const float StopShare = 0.25f;
    private const int ShortestGram = 3;
    private const int LongestGram = 5;

    private readonly EmbeddingGeneratorMetadata _metadata = new("pipeline", null, "lexical-1", Dimensions);

    /// <summary>The vector of one text; all zeros when it has no words.</summary>
    public static float[] Embed(string text)
    {
        var features = new Dictionary<ulong, (float Weight, int Count)>();
        string? before = null;
        foreach (var word in Words.Of(text))
        {
            var unspaced = Terms.IsUnspaced(word);
            var share = !unspaced && StopWords.Contains(word) ? StopShare : 1;
            var stem = PorterStemmer.Stem(word);
            if (!unspaced)
            {
                Add(features, 'w', stem, WordWeight * share);
                if (share == 1 && before is not null)
                {
                    Add(features, 'p', before + " " + stem, PairWeight);
                }
            }

            before = share == 1 ? stem : before;
            AddGrams(features, word, unspaced, share);
        }

        return Vector(features);
    }

    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var vectors = new GeneratedEmbeddings<Embedding<float>>();
        foreach (var text in values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            vectors.Add(new Embedding<float>(Embed(text)) { ModelId = _metadata.DefaultModelId });
        }

        return Task.FromResult(vectors);
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    // A script without spaces has no words to hash, so its pairs and triples of characters carry the full weight.
    private static void AddGrams(Dictionary<ulong, (float Weight, int Count)> features, string word, bool unspaced, float share)
    {
        var (padded, shortest, longest) = unspaced ? (word, 1, 3) : ($"^{word}$", ShortestGram, LongestGram);
        var weight = unspaced ? WordWeight : GramWeight * share;
        for (var length = shortest; length <= longest; length++)
        {
            for (var at = 0; at + length <= padded.Length; at++)
            {
                Add(features, 'g', padded.AsSpan(at, length), unspaced && length == 1 ? weight / 2 : weight);
            }
        }
    }

    private static void Add(Dictionary<ulong, (float Weight, int Count)> features, char family, ReadOnlySpan<char> feature, float weight)
    {
        var hash = (14695981039346656037UL ^ family) * 1099511628211UL;
        foreach (var letter in feature)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        hash = (hash ^ (hash >> 32)) * 0x9E3779B97F4A7C15UL;
        hash ^= hash >> 29;
        features[hash] = (weight, features.GetValueOrDefault(hash).Count + 1);
    }

    private static float[] Vector(Dictionary<ulong, (float Weight, int Count)> features)
    {
        var vector = new float[Dimensions];
        foreach (var (hash, (weight, count)) in features)
        {
            var value = weight * (1 + MathF.Log(count));
            vector[(int)(hash % Dimensions)] += (hash >> 63) == 0 ? value : -value;
        }

        var norm = TensorPrimitives.Norm<float>(vector);
        if (norm > 0)
        {
            TensorPrimitives.Divide(vector, norm, vector);
        }

        return vector;
    }
}
