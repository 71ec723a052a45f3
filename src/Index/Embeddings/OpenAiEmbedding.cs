using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Embeddings;

namespace Pipeline.Index.Embeddings;

/// <summary>Vectors from an OpenAI-compatible endpoint. Its client retries what may pass by itself.</summary>
public sealed class OpenAiEmbedding : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly string _model;
    private readonly EmbeddingClient _client;
    private readonly EmbeddingGeneratorMetadata _metadata;

    /// <param name="options">With a model.</param>
    public OpenAiEmbedding(EmbeddingOptions options)
    {
        _model = options.Model ?? throw new ArgumentException("An embedding model is needed.", nameof(options));
        var client = new OpenAIClientOptions();
        if (options.Endpoint is not null)
        {
            client.Endpoint = options.Endpoint;
        }

        _client = new EmbeddingClient(_model, new ApiKeyCredential(string.IsNullOrEmpty(options.ApiKey) ? "none" : options.ApiKey), client);
        _metadata = new EmbeddingGeneratorMetadata("openai", client.Endpoint, _model);
    }

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, Microsoft.Extensions.AI.EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var answer = await _client.GenerateEmbeddingsAsync(values, cancellationToken: cancellationToken).ConfigureAwait(false);
            return [.. answer.Value.OrderBy(item => item.Index).Select(item => new Embedding<float>(item.ToFloats()) { ModelId = _model })];
        }
        catch (ClientResultException failure)
        {
            throw new EmbeddingFailedException(_model, failure.Status == 0 ? "the endpoint could not be reached" : $"the endpoint answered {failure.Status}", failure);
        }
        catch (Exception failure) when (failure is HttpRequestException or AggregateException or FormatException or InvalidOperationException or System.Text.Json.JsonException)
        {
            throw new EmbeddingFailedException(_model, "the endpoint could not be reached or its answer not be read", failure);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is not null ? null : serviceType == typeof(EmbeddingGeneratorMetadata) ? _metadata : serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
