using Microsoft.Extensions.AI;

namespace Pipeline.Index.Embeddings;

/// <summary>Chooses the generator that the options ask for.</summary>
public static class EmbeddingGenerators
{
    /// <summary>The endpoint's model when one is named; otherwise the local lexical one. A key alone never sends text anywhere.</summary>
    public static IEmbeddingGenerator<string, Embedding<float>> Create(EmbeddingOptions options) =>
        string.IsNullOrEmpty(options.Model) ? new LexicalEmbedding() : new OpenAiEmbedding(options);
}
