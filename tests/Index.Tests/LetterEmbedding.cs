using Microsoft.Extensions.AI;

namespace Pipeline.Index.Tests;

/// <summary>Counts of the letters a to z: another kind of vector, of another length.</summary>
public sealed class LetterEmbedding : IEmbeddingGenerator<string, Embedding<float>>
{
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text =>
        {
            var counts = new float[26];
            foreach (var letter in text.Where(char.IsAsciiLetterLower))
            {
                counts[letter - 'a']++;
            }

            return new Embedding<float>(counts);
        })));

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(EmbeddingGeneratorMetadata) ? new EmbeddingGeneratorMetadata("tests", null, "letters") : null;

    public void Dispose() => GC.SuppressFinalize(this);
}
