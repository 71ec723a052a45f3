namespace Pipeline.Index.Embeddings;

/// <summary>Which embedding generator an index uses.</summary>
public sealed class EmbeddingOptions
{
    /// <summary>The model's name at an OpenAI-compatible endpoint. <value>null: the local <see cref="LexicalEmbedding"/>.</value></summary>
    public string? Model { get; init; }

    /// <summary>The endpoint's base address. <value>null: OpenAI's own.</value></summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The endpoint's key. <value>null: none, as local endpoints need none.</value></summary>
    public string? ApiKey { get; init; }
}
