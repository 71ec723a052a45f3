using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using Pipeline.Index.Embeddings;

namespace Pipeline.Index.Tests.Embeddings;

public sealed class LexicalEmbeddingTests
{
    [Fact]
    public void Vectors_have_length_one_and_are_always_the_same()
    {
        var vector = LexicalEmbedding.Embed("A woman opens the door");
        Assert.Equal(LexicalEmbedding.Dimensions, vector.Length);
        Assert.Equal(1, TensorPrimitives.Norm<float>(vector), 1e-5);
        Assert.Equal(vector, LexicalEmbedding.Embed("A woman opens the door"));
        Assert.All(LexicalEmbedding.Embed(" ?! "), value => Assert.Equal(0, value));
    }

    [Theory]
    [InlineData("she opened the doors", "opening a door", "she closed the windows")]
    [InlineData("refrigerator", "refridgerator", "regulator")]
    [InlineData("東京タワーの夜景", "夜景", "猫が寝ている")]
    public void Shared_spelling_is_nearer(string text, string near, string far) =>
        Assert.True(Similarity(text, near) > Similarity(text, far) + 0.1);

    [Fact]
    public async Task It_says_what_it_is()
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = EmbeddingGenerators.Create(new EmbeddingOptions { ApiKey = "key" });
        Assert.IsType<LexicalEmbedding>(generator);
        Assert.Contains("lexical", ((EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!).DefaultModelId, StringComparison.Ordinal);
        Assert.Equal(LexicalEmbedding.Embed("b"), (await generator.GenerateAsync(["a", "b"]))[1].Vector.ToArray());
    }

    private static float Similarity(string one, string other) => TensorPrimitives.Dot<float>(LexicalEmbedding.Embed(one), LexicalEmbedding.Embed(other));
}
