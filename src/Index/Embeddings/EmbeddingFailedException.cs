namespace Pipeline.Index.Embeddings;

/// <summary>An embedding generator gave no usable vectors.</summary>
/// <param name="model">The model that was asked.</param>
/// <param name="reason">What it answered.</param>
public sealed class EmbeddingFailedException(string model, string reason, Exception? cause = null)
    : Exception($"The embedding model '{model}' gave no vectors: {reason}", cause)
{
    public string Model { get; } = model;

    public string Reason { get; } = reason;
}
